import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import read_file, read_text


class AftersalesTrainingImportWizard(models.TransientModel):
    """The customer's list of people: a file, or pasted text (R-T07)."""

    _name = "aftersales.training.import.wizard"
    _description = "Register the Customer's People"

    plan_id = fields.Many2one("aftersales.training.plan", required=True, readonly=True)
    event_id = fields.Many2one(
        "event.event",
        string="Session",
        domain="[('aftersales_plan_id', '=', plan_id)]",
        help="Empty: every session to come that counts as training.",
    )
    file = fields.Binary(string="XLSX or CSV File")
    filename = fields.Char()
    text = fields.Text(
        string="Pasted List", help="A person on each line: name, phone, role."
    )

    def action_save(self):
        """Register all of them, or say what is wrong in which row."""
        self.ensure_one()
        if bool(self.file) == bool((self.text or "").strip()):
            raise UserError(self.env._("Choose a file or paste a list."))
        if self.file:
            rows = read_file(self.env, self._get_content(), self.filename)
        else:
            rows = read_text(self.text)
        result = self.plan_id.import_attendees(rows, event_id=self.event_id.id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(created)s people are new, %(merged)s were listed already.",
                    **result,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_content(self):
        try:
            return base64.b64decode(self.file)
        except ValueError:
            raise UserError(self.env._("The file is no base64.")) from None
