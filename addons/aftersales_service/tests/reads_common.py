from odoo.fields import Command
from odoo.tests import new_test_user

from .parts_common import PartsCase
from .test_acceptance import picture
from .test_visit import START, STOP

# besides those of AftersalesCase: who works beside the after-sales department
OTHERS = {
    "organiser": "event.group_event_user",
    "accountant": "account.group_account_invoice",
    "buyer": "purchase.group_purchase_user",
}
OURS = "aftersales_"


class ReadsCase(PartsCase):
    """An order with everything that may follow it, for looking at by every role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, group in OTHERS.items():
            if cls.env.ref(group, raise_if_not_found=False):
                cls.users[role] = new_test_user(cls.env, f"as_{role}", groups=group)
        cls.users["portal"].partner_id.parent_id = cls.partner
        if "aftersales_training" in cls.desk.product_tmpl_id._fields:
            cls.desk.product_tmpl_id.aftersales_training = True
        cls.order = cls.deliver()
        cls.visit = cls.create_visit()
        cls.acceptance = cls.accept()
        cls.add_to_request()
        cls.add_to_order()
        cls.env.flush_all()

    @classmethod
    def deliver(cls):
        """A project order of the guide; its two desks are delivered."""
        cls.lots = cls.env["stock.lot"].create(
            [{"name": f"KZ-{n}", "product_id": cls.desk.id} for n in (1, 2)]
        )
        for lot in cls.lots:
            cls.stock(cls.desk, 1, cls.warehouse.lot_stock_id, lot)
        order = cls.create_order(quantity=2, is_project=True, no_special_requests=True)
        order.action_confirm()
        order.picking_ids.move_ids.picked = True
        order.picking_ids.with_context(skip_sms=True).button_validate()
        return order

    @classmethod
    def create_visit(cls):
        return cls.env["aftersales.visit"].create(
            {
                "kind": "installation",
                "partner_id": cls.partner.id,
                "order_id": cls.order.id,
                "request_id": cls.request.id,
                "lot_ids": [Command.set(cls.lots.ids)],
                "picking_ids": [Command.set(cls.order.picking_ids.ids)],
                "scheduled_start": START,
                "scheduled_stop": STOP,
                "assignment_ids": [Command.create({"employee_id": cls.technician.id})],
            }
        )

    @classmethod
    def accept(cls):
        acceptance = cls.order.acceptance_ids or cls.env[
            "aftersales.acceptance"
        ].browse(cls.order.action_create_acceptance())
        acceptance.line_ids.action_all_right()
        acceptance.action_self_inspect()
        acceptance.action_offer()
        acceptance.action_add_signature("王主任", "使用部门", picture())
        acceptance.action_sign("王校长", "校长", picture())
        return acceptance

    @classmethod
    def add_to_request(cls):
        """Parts, a gift with its signature, costs, a unit taken along, a measure."""
        request = cls.request.sudo()
        request.write({"order_id": cls.order.id, "lot_id": cls.lots[0].id})
        cls.part = cls.create_line(cls.lens)
        cls.gift = cls.create_line(cls.thermos, kind="gift")
        (cls.part | cls.gift).with_user(cls.users["supervisor"]).action_approve()
        cls.stock(cls.thermos, 1)
        cls.company.aftersales_general_manager_id = cls.users["manager"]
        cls.gift.with_user(cls.users["manager"]).action_authorize_gift(
            "general_manager"
        )
        cls.env["aftersales.request.cost"].create(
            {"request_id": request.id, "name": "上门人工", "amount": 120}
        )
        request.action_reply("电话指导未恢复")
        request.action_take_back({"reason": "需拆机检测"})

    @classmethod
    def add_to_order(cls):
        """Agreement and document; the plan came with the acceptance."""
        cls.order.visit_plan_ids.lot_ids = cls.lots
        role = cls.env["aftersales.agreement.role"].search([], limit=1)
        cls.env["aftersales.agreement"].create(
            {
                "order_id": cls.order.id,
                "member_ids": [
                    Command.create(
                        {"role_id": role.id, "employee_id": cls.technician.id}
                    )
                ],
            }
        )
        cls.env["aftersales.order.document"].create(
            {
                "order_id": cls.order.id,
                "name": "平面图",
                "file": picture(),
                "shown_to_customer": True,
            }
        )

    def models_of(self, role):
        """The models with fields of ours that a role may read, as that role."""
        env = self.env(user=self.users[role])
        for name in sorted(env.registry.models):
            model = env[name]
            if model._abstract or model._transient or not model.has_access("read"):
                continue
            if any(is_ours(field) for field in model._fields.values()):
                yield model


def is_ours(field):
    return any(module.startswith(OURS) for module in field._modules)
