from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import require_text
from ..act.declaration import act


class AftersalesRequest(models.Model):
    """Complaints: passed on by anybody, closed when the customer agrees."""

    _inherit = "aftersales.request"

    customer_confirmed = fields.Boolean(
        string="Customer Confirms",
        copy=False,
        help="The customer said that the complaint is settled (R-C02).",
        portal=True,
    )
    unconfirmed_reason = fields.Char(
        string="Closed Without Confirmation Because",
        copy=False,
        help="A supervisor's reason (R-C02).",
    )

    @api.model
    @act("report_complaint", creates=True, access=None)
    def report_complaint(self, contact, problem, ref=None):
        """Pass a complaint on in two fields; any employee may (R-C01).

        :param contact: phone, serial number or name of the customer; required
        :param problem: what the customer complains about; required
        :param ref: the caller's own reference of this act, for a retry
        :return: id of the request
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Complaints are passed on by employees."))
        contact = require_text(self.env, contact, self.env._("Customer"))
        problem = require_text(self.env, problem, self.env._("Complaint"))
        caller = self._find_caller(contact)
        request = self.sudo().create(  # sees it only who works on it
            {
                "type": "complaint",
                "channel": "store",
                "problem": problem,
                "contact_name": False if caller else contact,
                "company_id": self.env.company.id,
                **caller,
            }
        )
        return request.id

    def _check_confirmation(self, vals):
        """A complaint ends with the customer's word or a supervisor's (R-C02)."""
        if vals.get("customer_confirmed") or self.customer_confirmed:
            return
        if not (vals.get("unconfirmed_reason") or self.unconfirmed_reason):
            raise UserError(
                self.env._(
                    "%s: does the customer confirm that it is settled?", self.name
                )
            )
        if not self.env.user._is_aftersales("supervisor"):
            raise AccessError(
                self.env._("Only a supervisor closes it without the customer's word.")
            )
