from odoo import fields, models

from ...models.care.feedback import CSAT, NPS


class AftersalesRevisitWizard(models.TransientModel):
    """One form for a revisit call: the script, reached or not, the answer (R-D14)."""

    _name = "aftersales.revisit.wizard"
    _description = "Revisit Call"

    visit_id = fields.Many2one("aftersales.visit", required=True, readonly=True)
    script = fields.Text(related="visit_id.revisit_script")
    asked_about = fields.Char(related="visit_id.asked_about")
    partner_id = fields.Many2one(related="visit_id.partner_id")
    contact_name = fields.Char(related="visit_id.contact_name")
    contact_phone = fields.Char(related="visit_id.contact_phone")
    call_attempts = fields.Integer(related="visit_id.call_attempts")
    reached = fields.Selection(
        [("yes", "Reached"), ("no", "Not Reached")],
        string="Was the Customer Reached?",
        default="yes",
        required=True,
    )
    csat = fields.Selection(CSAT, string="Satisfied with the work?")
    nps = fields.Selection(NPS, string="Would recommend us?")
    remarks = fields.Text()
    again_at = fields.Datetime(
        string="Try Again On", help="Empty: tomorrow at the same hour."
    )

    def action_save(self):
        """Record the call through the visit's public methods."""
        self.ensure_one()
        if self.reached == "no":
            self.visit_id.action_try_again(at=self.again_at, note=self.remarks)
        else:
            names = ("csat", "nps", "remarks")
            vals = {name: self[name] for name in names if self[name]}
            self.visit_id.action_record_revisit(vals)
        return {"type": "ir.actions.act_window_close"}
