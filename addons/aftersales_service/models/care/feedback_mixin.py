from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import clean_text
from .feedback import CSAT, LONGEST, NPS, check_score


class AftersalesFeedbackMixin(models.AbstractModel):
    """What the customer may rate by link (R-V11): visits and repairs.

    Odoo's rating keeps link and average, ``aftersales.feedback`` the answer with its
    recommendation, region, product and technician.
    """

    _name = "aftersales.feedback.mixin"
    _description = "Rated by Customers"
    _inherit = ["rating.mixin"]

    feedback_ids = fields.One2many(
        "aftersales.feedback",
        "res_id",
        domain=lambda self: [("res_model", "=", self._name)],
        bypass_search_access=True,
        groups="aftersales_service.group_aftersales_technician",
    )

    def _get_rated_employee(self):
        """The employee whose work is rated; may be empty."""
        return self.env["hr.employee"]

    def _get_rated_product(self):
        """The product it was about; empty when there are several."""
        return self.env["product.product"]

    def _get_rated_unit(self):
        """The unit it was about; empty when there are several."""
        return self.env["stock.lot"]

    def _rating_get_operator(self):
        employee = self.sudo()._get_rated_employee()  # agents can't read employees
        return employee.user_id.partner_id or employee.work_contact_id

    def _prepare_feedback_vals(self):
        """The facts of a feedback about this record."""
        self.ensure_one()
        source = self.sudo()  # customers and agents read less
        return {
            "partner_id": source.partner_id.id,
            "company_id": source.company_id.id,
            "order_id": source.order_id.id,
            "product_id": source._get_rated_product().id,
            "lot_id": source._get_rated_unit().id,
            "employee_id": source._get_rated_employee().id,
        }

    def _send_feedback_request(self):
        """Mail the link to rate to customers who have an address (R-V11)."""
        name = self._name.rpartition(".")[2]
        template = self.env.ref(f"aftersales_service.mail_template_feedback_{name}")
        for record in self.sudo():  # technicians end visits, the system asks
            if record.company_id.aftersales_feedback_mail and record.partner_id.email:
                record.rating_send_request(template, force_send=False)

    def _get_feedback_url(self):
        """Link by which the customer rates this record, without login."""
        self.ensure_one()
        token = self.sudo()._rating_get_access_token()
        return f"{self.get_base_url()}/feedback/{token}"

    def _is_link_expired(self, rating):
        """Whether the link to rate is too old, by the company's days."""
        days = self.company_id.aftersales_feedback_days
        return fields.Datetime.now() > rating.create_date + timedelta(days=days)

    def rating_apply(
        self, rate, token=None, rating=None, feedback=None, nps=None, **options
    ):
        """Keep a rating that came by link, once; it never changes afterwards (R-V11).

        :param rate: 1 to 5
        :param feedback: the customer's remarks
        :param nps: recommendation from 0 to 10, optional
        :raise UserError: unknown, expired or used link, or a score out of range
        """
        self.ensure_one()
        csat = check_score(self.env, rate, CSAT, self.env._("Rating"))
        nps = check_score(self.env, nps, NPS, self.env._("Recommendation"))
        ratings = self.env["rating.rating"].sudo()
        if token:
            rating = ratings.search([("access_token", "=", token)], limit=1)
        if (
            not csat
            or not rating
            or (rating.res_model, rating.res_id)
            != (
                self._name,
                self.id,
            )
        ):
            raise UserError(self.env._("This link is not valid."))
        if rating.consumed:
            raise UserError(self.env._("This was answered already. Thank you!"))
        if self._is_link_expired(rating):
            raise UserError(self.env._("This link has expired."))
        feedback = clean_text(feedback, LONGEST)
        answer = {"csat": csat, "nps": nps, "remarks": feedback, "channel": "link"}
        vals = self._prepare_feedback_vals() | answer
        self.env["aftersales.feedback"]._record_answer(self, vals)
        return super().rating_apply(
            int(csat), rating=rating, feedback=feedback, **options
        )
