from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    warranty_fallback_days = fields.Integer(
        string="Warranty Starts at the Latest",
        default=15,
        help="So many days after the delivery, if nobody signs an acceptance (R-W02).",
        groups="base.group_user",
    )

    _warranty_fallback_positive = models.Constraint(
        "CHECK (warranty_fallback_days BETWEEN 0 AND 3650)",
        "A warranty starts 0 to 3650 days after the delivery at the latest.",
    )
