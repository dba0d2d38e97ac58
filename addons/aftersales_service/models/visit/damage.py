from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesDamage(models.Model):
    """Something broke on the way or at the customer's home (R-D17).

    Stays as it was recorded; what follows from it is decided elsewhere
    (``_on_recorded``).
    """

    _name = "aftersales.damage"
    _description = "Damage"
    _order = "id desc"

    visit_id = fields.Many2one(
        "aftersales.visit", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="visit_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    name = fields.Char(string="What Happened", required=True)
    place = fields.Selection(
        [("transport", "On the Way"), ("customer", "At the Customer's")],
        required=True,
        default="customer",
    )
    product_id = fields.Many2one("product.product")
    employee_id = fields.Many2one(
        "hr.employee", string="Responsible", help="Who caused it, if anybody."
    )
    amount = fields.Monetary(help="What it costs; empty: to be found out.")
    photo_ids = fields.Many2many("ir.attachment", string="Photos")

    @api.model_create_multi
    def create(self, vals_list):
        damages = super().create(vals_list)
        for damage in damages:
            damage._on_recorded()
        return damages

    def write(self, vals):
        """Photos may follow; the facts stay."""
        if set(vals) - {"photo_ids"} and not self.env.su:
            raise UserError(self.env._("A recorded damage can't be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proof(self):
        raise UserError(self.env._("A recorded damage can't be deleted."))

    def _on_recorded(self):
        """Tell the supervisor; other rooms file what follows from it."""
        visit = self.visit_id.sudo()
        text = f"{visit.name}: {self.name}"
        visit._message_log(body=self.env._("Damage: %s", self.name))
        people = visit._sla_recipients("supervisor") | visit.order_id.user_id
        people._aftersales_notify(self.env._("Damage recorded"), [text])


class AftersalesVisit(models.Model):
    _inherit = "aftersales.visit"

    damage_ids = fields.One2many(
        "aftersales.damage", "visit_id", string="Damages", editable="always"
    )
