from odoo.exceptions import AccessError
from odoo.tests import tagged

from .reads_common import OURS, ReadsCase, is_ours

# What the customer's pages and papers show, by model. A field that isn't here is shut.
SHOWN = {
    "aftersales.acceptance": "name order_id partner_id state line_ids document_line_ids"
    " signature_ids signed_by signer_role signed_on signature remarks content_hash"
    " is_intact currency_id balance_due",
    "aftersales.acceptance.criterion": "acceptance_id line_id name passed",
    "aftersales.acceptance.document": "acceptance_id name handed_over waived_reason",
    "aftersales.acceptance.line": "acceptance_id product_id lot_names ordered_qty"
    " delivered_qty accepted_qty defective_qty defect_note criterion_ids is_flawless",
    "aftersales.acceptance.signature": "acceptance_id name role signature signed_on",
    "aftersales.order.document": "order_id kind name file filename",
    "aftersales.part.line": "request_id product_id uom_id quantity is_drawing state"
    " expected_date unit_price currency_id",
    "aftersales.visit.plan": "name partner_id template_id lot_names next_date state",
    "aftersales.visit.plan.template": "sequence active name",
    "aftersales.request": "name partner_id contact_name phone address product_id lot_id"
    " problem reported_at state replied_at arrived_at restored_at report_sent_at"
    " coverage part_line_ids customer_confirmed",
    "aftersales.visit": "name kind mode partner_id contact_name contact_phone address"
    " scheduled_start scheduled_stop state customer_confirmed_at currency_id"
    " balance_due is_free planned_date",
    "aftersales.training.plan": "name order_id partner_id state headcount trained_count"
    " missing_count progress period_end liaison_id handover_ids certificate_ids",
    "aftersales.training.certificate": "name number plan_id partner_id person_name role"
    " score issued_on",
    "aftersales.training.handover": "name plan_id order_id partner_id place"
    " commissioning_report commissioning_report_note operating_manual"
    " operating_manual_note key_points minutes held_at signed_on state",
    "aftersales.warranty.card": "name product_id lot_id quantity partner_id order_id"
    " start_date end_date repair_until exchange_until service_life_until is_void state"
    " component_ids extension_ids",
    "aftersales.warranty.component": "card_id product_id lot_name months start_date"
    " end_date closed_on",
    "aftersales.warranty.extension": "card_id months reason date",
    "sale.order": "aftersales_state aftersales_goods agreed_start agreed_stop"
    " last_progress last_progress_at document_ids",
    "res.company": "aftersales_tz aftersales_hotline",
}


@tagged("post_install", "-at_install")
class TestReadsPortal(ReadsCase):
    """Generated: customers read of their own documents what the pages show (R-E07)."""

    def test_exactly_the_declared_fields_are_open(self):
        """R-E07: a new field is shut, or it is declared here with thought."""
        for model in self.models_of("portal"):
            declared = SHOWN.get(model._name, "").split()
            with self.subTest(model=model._name):
                self.assertEqual(sorted(self.get_open(model)), sorted(declared))

    def get_open(self, model):
        """The fields of our addons that the reader of this model may read."""
        return {
            name
            for name, field in model._fields.items()
            if name != "display_name"
            and not field.inherited
            and field._modules
            and field._modules[0].startswith(OURS)
            and model._has_field_access(field, "read")
        }

    def test_a_shut_field_is_shut_on_every_way(self):
        """R-E07: read, search, order, group, and on the way to another model."""
        request = self.request.with_user(self.users["portal"])
        part = self.part.with_user(self.users["portal"])
        self.assertEqual(request.search([("problem", "!=", False)]), request)
        for act in (
            lambda: request.read(["cost_total"]),
            lambda: request.search([("cause_note", "like", "x")]),
            lambda: request.search([], order="cost_total"),
            lambda: request.formatted_read_group([], ["user_id"], ["__count"]),
            lambda: request.formatted_read_group([], [], ["cost_total:sum"]),
            lambda: request.web_read({"responsible_employee_id": {}}),
            lambda: part.search([("request_id.cause_note", "like", "x")]),
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertNotIn("cost_total", request.fields_get())

    def test_records_of_the_page_only(self):
        """R-E07 R-P08: no gift before it is given, no call of ours."""
        parts = self.env["aftersales.part.line"].with_user(self.users["portal"])
        self.assertEqual(parts.search([]), self.part)
        self.visit.copy({"mode": "phone", "kind": "revisit"})
        visits = self.env["aftersales.visit"].with_user(self.users["portal"])
        self.assertEqual(set(visits.search([]).mapped("mode")), {"onsite"})

    def test_a_document_is_read_whole(self):
        """R-E07: what is open can be read, numbers of the units too."""
        for name in SHOWN:
            if name not in self.env.registry:
                continue
            records = self.env[name].with_user(self.users["portal"]).search([])
            open_names = sorted(self.get_open(records) | {"display_name"})
            self.env.invalidate_all()
            with self.subTest(model=name):
                records.read(open_names)
        line = self.acceptance.line_ids.with_user(self.users["portal"])
        self.assertEqual(line.mapped("lot_names"), ["KZ-1, KZ-2"])
        self.assertTrue(is_ours(line._fields["lot_names"]))
