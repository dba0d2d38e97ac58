from odoo import fields, models
from odoo.fields import Domain


class AftersalesWorkday(models.Model):
    """A day off that is worked to make up for a bridged holiday (调休).

    Holidays are time off in the working hours; the days worked instead are kept here.
    """

    _name = "aftersales.workday"
    _inherit = ["aftersales.working.time"]
    _description = "Make-up Working Day"
    _order = "date desc"

    name = fields.Char(required=True)
    date = fields.Date(required=True)
    dayofweek = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
        ],
        string="Hours As On",
        default="0",
        required=True,
        help="The weekday whose working hours apply.",
    )
    company_id = fields.Many2one("res.company", help="Empty: for every company.")

    _date_uniq = models.UniqueIndex(
        "(date, COALESCE(company_id, 0))", "This day is a working day already."
    )

    def _get_promise_domain(self):
        return Domain("calendar_id", "!=", False)
