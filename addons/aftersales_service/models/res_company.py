from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_tz = fields.Selection(
        _tz_get,
        string="After-sales Time Zone",
        default="Asia/Shanghai",
        required=True,
        help="Days, cut-offs and the end of the day are counted in this time zone.",
    )
    aftersales_supervisor_id = fields.Many2one(
        "res.users",
        string="After-sales Supervisor",
        help="Told of promises at risk and of broken ones. Empty: everybody in the"
        " supervisor group.",
        groups="base.group_user",
    )
    aftersales_manager_id = fields.Many2one(
        "res.users",
        string="After-sales Manager",
        help="Told of every broken promise. Empty: everybody in the manager group.",
        groups="base.group_user",
    )
    aftersales_hotline = fields.Char(string="Service Hotline")
    aftersales_link_days = fields.Integer(
        string="Days Links Stay Open",
        default=90,
        help="So many days after a visit, request or other document is settled, its"
        " link opens it; later the customer logs in or calls. 0: without end.",
        groups="base.group_user",
    )

    _aftersales_link_days_positive = models.Constraint(
        "CHECK (aftersales_link_days >= 0)",
        "Links stay open for 0 or more days.",
    )

    def _aftersales_is_link_over(self, settled):
        """Whether links to what was settled then have expired.

        :param settled: naive UTC datetime or date, or nothing while it is open
        """
        days = self.sudo().aftersales_link_days
        if not (settled and days):
            return False
        if not isinstance(settled, datetime):
            settled = datetime.combine(settled, time.max)
        return fields.Datetime.now() > settled + timedelta(days=days)

    def _aftersales_people(self, role):
        """Whom the company named for a role; nobody: everybody who has it.

        :param role: "supervisor" or "manager"
        :return: res.users
        """
        self.ensure_one()
        named = self[f"aftersales_{role}_id"]
        if named:
            return named
        xmlid = f"aftersales_service.group_aftersales_{role}"
        groups = self.env["res.groups"].sudo()
        # env.ref() would ask the database each time whether the group exists
        group = groups.browse(self.env["ir.model.data"]._xmlid_to_res_id(xmlid))
        return group.all_user_ids.filtered(lambda u: self in u.company_ids and u.active)

    @api.model
    def _aftersales_now_local(self):
        """Now as an aware datetime in the company's time zone."""
        return self._aftersales_to_local(fields.Datetime.now())

    def _aftersales_to_local(self, moment):
        """Naive UTC ``moment`` → aware datetime in the company's time zone."""
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self.aftersales_tz))

    def _aftersales_at(self, day, hour=0.0):
        """UTC moment of a local hour.

        :param day: local date
        :param hour: hours after local midnight (17.5 = 17:30)
        :return: naive UTC datetime; an hour skipped by summer time moves forward
        """
        zone = pytz.timezone(self.aftersales_tz)
        local = datetime.combine(day, time()) + timedelta(minutes=round(hour * 60))
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _aftersales_day_end(self, moment, days=0):
        """Last second of the local day of ``moment`` (naive UTC), ``days`` later."""
        day = self._aftersales_to_local(moment).date() + timedelta(days=days + 1)
        return self._aftersales_at(day) - timedelta(seconds=1)
