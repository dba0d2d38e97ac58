from odoo import fields, models


class AftersalesConductWizard(models.TransientModel):
    """Asks who shirked a return or complaint, or made it worse (R-X06)."""

    _name = "aftersales.conduct.wizard"
    _description = "Conduct on a Request"

    request_id = fields.Many2one("aftersales.request", required=True, readonly=True)
    conduct = fields.Selection(
        selection=lambda self: (
            self.env["aftersales.liability"]
            ._fields["conduct"]
            ._description_selection(self.env)
        ),
        required=True,
    )
    employee_id = fields.Many2one("hr.employee.public", string="Who Did It")
    department_id = fields.Many2one("hr.department")
    note = fields.Char(string="What Happened", required=True)

    def action_save(self):
        """File the liability."""
        self.ensure_one()
        self.request_id.action_file_conduct(
            self.conduct,
            self.note,
            employee_id=self.employee_id.id,
            department_id=self.department_id.id,
        )
        return {"type": "ir.actions.act_window_close"}
