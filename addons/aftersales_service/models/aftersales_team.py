from odoo import fields, models


class AftersalesTeam(models.Model):
    """People who keep the promises together: a service desk or a branch office."""

    _name = "aftersales.team"
    _description = "After-sales Team"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    supervisor_id = fields.Many2one(
        "res.users",
        check_company=True,
        help="Told of the team's promises at risk, before the company's supervisor.",
    )
    member_ids = fields.Many2many(
        "res.users", string="Members", help="Agents who answer for this team."
    )
