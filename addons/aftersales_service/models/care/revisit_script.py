from odoo import fields, models


class AftersalesRevisitScript(models.Model):
    """What the agent says on a revisit call, in the customer's language (R-D14)."""

    _name = "aftersales.revisit.script"
    _description = "Script of a Revisit Call"
    _order = "sequence, id"
    _rec_name = "kind"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=lambda self: self.env["aftersales.visit"]._get_kinds(),
        string="About",
        help="The visit that the customer is asked about; empty for all others.",
    )
    text = fields.Text(
        required=True,
        translate=True,
        help="{customer}, {technician}, {work}, {date} and {company} are filled in.",
    )

    def _fill(self, facts):
        """The text with its facts; what is unknown in braces stays.

        :param facts: dict of name → text
        """
        text = self.text or ""
        for name, value in facts.items():
            text = text.replace(f"{{{name}}}", value or "…")
        return text
