from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    sla_clock_id = fields.Many2one(
        "aftersales.sla.clock",
        string="Promise",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
