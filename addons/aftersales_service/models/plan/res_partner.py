from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_key_customer = fields.Boolean(
        string="Key Customer",
        tracking=True,
        help="Visited at least once a year, with a written report (R-V04).",
        groups="base.group_user",
    )
    visit_plan_count = fields.Integer(
        compute="_compute_visit_plan_count",
        groups="aftersales_service.group_aftersales_user",
    )

    def _compute_visit_plan_count(self):
        counts = dict(
            self.env["aftersales.visit.plan"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.visit_plan_count = counts.get(partner, 0)

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("is_key_customer") for vals in vals_list):
            self._check_names_key_customers()
        partners = super().create(vals_list)
        partners.filtered("is_key_customer")._start_key_plans()
        return partners

    def write(self, vals):
        """Key customers get their plan; plans of archived customers rest."""
        key = vals.get("is_key_customer")
        if key is not None and any(partner.is_key_customer != key for partner in self):
            self._check_names_key_customers()
        result = super().write(vals)
        if vals.get("is_key_customer"):
            self._start_key_plans()
        if vals.get("active") is False:
            self._suspend_visit_plans()
        return result

    def _check_names_key_customers(self):
        """Guides write in the address book, supervisors name key customers (R-V04)."""
        if not self.env.su and not self.env.user._is_aftersales("supervisor"):
            raise AccessError(self.env._("Key customers are named by supervisors."))

    def _start_key_plans(self):
        """A yearly visit with a written report, once for each customer (R-V04)."""
        plans = self.env["aftersales.visit.plan"].sudo()
        for partner in self:
            company = partner.company_id or self.env.company
            starting = self.env["aftersales.visit.plan.template"]._get_starting(
                "key_customer", company
            )
            known = plans.search(
                [
                    ("partner_id", "=", partner.id),
                    ("company_id", "=", company.id),
                    ("state", "!=", "ended"),
                ]
            )
            plans._start_from(
                starting - known.template_id,
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "start_date": company._aftersales_now_local().date(),
                },
            )

    def _suspend_visit_plans(self):
        # whoever archives a contact needn't be allowed to see plans
        plans = self.env["aftersales.visit.plan"].sudo()
        running = plans.search(
            [("partner_id", "in", self.ids), ("state", "=", "running")]
        )
        if running:
            reason = self.env._("The customer was archived")
            running._suspend(reason)
            running._tell_supervisors(reason)

    def action_view_visit_plans(self):
        """Open the visit plans of this customer and its contacts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "aftersales_service.visit_plan_action"
        )
        return action | {
            "domain": [("partner_id", "child_of", self.ids)],
            "context": {"default_partner_id": self.id},
        }
