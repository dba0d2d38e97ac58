from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ROLES, AftersalesCase
from .public_methods import Factory, is_empty, parameters, public_methods

# What a client may send where something else is meant
NONSENSE = (
    None,
    True,
    -1,
    2**40,
    1e400,
    "",
    "\0",
    "2026-13-45",
    [],
    ["x"],
    [None],
    [[]],
    {},
    {"x": 1},
    {5: [6]},
)
# Odoo's own, taken over with other rules: their arguments are Odoo's
ODOOS = {
    "create",
    "write",
    "unlink",
    "copy_data",
    "default_get",
    "message_new",
    "get_formview_id",
}


@tagged("post_install", "-at_install")
class TestPublicMethods(AftersalesCase):
    """Every method that a client can call, found by itself, called by every role.

    A new public method is tried from the day it is written.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create(
            {"name": "杭州分公司", "aftersales_tz": "Asia/Shanghai"}
        )
        cls.foreign = cls.create_world(cls.elsewhere, "杭州")
        cls.own = cls.create_world(cls.company, "上海")
        for model in {model for model, _name, _function in public_methods(cls.env)}:
            cls.own.get(model._name)
            cls.foreign.get(model._name)
        cls.master = new_test_user(
            cls.env,
            login="as_master",
            groups=",".join(
                (
                    "aftersales_service.group_aftersales_manager",
                    "sales_team.group_sale_manager",
                    "stock.group_stock_manager",
                )
            ),
        )

    @classmethod
    def create_world(cls, company, town):
        """Records of one company, by its acts; the rest is made when it is asked for.

        :return: a Factory that knows them
        """
        env = cls.env(context={"allowed_company_ids": company.ids})
        partner = env["res.partner"].create(
            {
                "name": f"{town}客户",
                "phone": "13900000001",
                "email": "kehu@example.cn",
                "city": town,
                "street": "中山路1号",
                "company_id": company.id,
            }
        )
        product = env["product.product"].create(
            {
                "name": f"{town}课桌",
                "type": "consu",
                "is_storable": True,
                "tracking": "serial",
                "company_id": company.id,
            }
        )
        lot = env["stock.lot"].create({"name": town, "product_id": product.id})
        warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)])[:1]
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, 1, lot_id=lot
        )
        employee = env["hr.employee"].create(
            {"name": f"{town}师傅", "company_id": company.id}
        )
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "user_id": cls.env.user.id,
                "commitment_date": "2026-11-30 02:00:00",
                "no_special_requests": True,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.picked = True
        picking.with_context(skip_sms=True).button_validate()
        request = env["aftersales.request"].create(
            {
                "partner_id": partner.id,
                "problem": "不能升降",
                "order_id": order.id,
                "lot_id": lot.id,
            }
        )
        visit = env["aftersales.visit"].create(
            {
                "partner_id": partner.id,
                "order_id": order.id,
                "lot_ids": lot.ids,
                "assignment_ids": [Command.create({"employee_id": employee.id})],
            }
        )
        acceptance = env["aftersales.acceptance"].browse(
            order.action_create_acceptance()
        )
        records = (
            *(partner, product, lot, employee, order, request, visit, acceptance),
            *(company, picking, product.product_tmpl_id, warehouse, order.order_line),
            picking.move_ids,
        )
        return Factory(env, company, {r._name: r for r in records})

    def call(self, method, records, arguments):
        """Call and undo.

        :return: "refused", the answer, or the fault
        """
        self.env.invalidate_all()  # nothing of what the set-up read helps the caller
        try:
            with mute_logger("odoo.sql_db", "odoo.models.unlink"):
                with self.env.cr.savepoint() as savepoint:
                    answer = getattr(records, method)(**arguments)
                    records.env.flush_all()
                    told = answer if not is_empty(answer) else None
                    savepoint.rollback()
            return told
        except (UserError, IntegrityError, ConcurrencyError):
            return "refused"
        except Exception as fault:  # what a client would get as a server error
            return fault
        finally:
            self.env.invalidate_all()

    def guess(self, parameter, world):
        """A plausible argument, by the name of its parameter."""
        name = parameter.name
        stem = name.removesuffix("s").removesuffix("_id").removesuffix("_lot")
        models = {
            "res.partner": "partner",
            "sale.order": "order",
            "stock.lot": "lot done_lot",
            "hr.employee": "employee",
            "product.product": "product",
            "event.event": "event",
            "aftersales.team": "team",
            "hr.department": "department",
            "res.users": "told_by user",
            "aftersales.visit.plan.template": "template",
            "aftersales.agreement.member": "member",
            "aftersales.warranty.component": "component",
        }
        for model, names in models.items():
            if model in self.env and (stem in names.split() or name in names.split()):
                number = world.get(model).id
                return [number] if name.endswith("ids") else number
        if name in ("vals", "results", "scores"):
            return {}
        if name in ("rows", "lines", "files", "serials"):
            return []
        if name in ("amount", "quantity", "months", "headcount"):
            return 1
        if name in ("passed", "settled", "effective", "task", "send"):
            return True
        if name in ("start", "agreed_start", "due_at", "on_date", "start_date"):
            return "2026-12-01 02:00:00"
        if name in ("stop", "agreed_stop"):
            return "2026-12-01 04:00:00"
        if name in ("at", "told_at", "ref", "client_ref"):
            return None
        return "2026-11" if name == "month" else "测试"

    def arguments(self, function, world):
        return {p.name: self.guess(p, world) for p in parameters(function)}

    def as_user(self, record, user):
        """A record as a client has it: nothing of the system in its context."""
        return self.env[record._name].with_user(user).browse(record.ids)

    def record_methods(self):
        for model, name, function in public_methods(self.env):
            if not getattr(function, "_api_model", False) and name not in ODOOS:
                yield model, name, function

    def check_strangers(self, world):
        """Nobody gets further on records that he or she can't read."""
        wrong, tried = [], 0
        for model, name, function in self.record_methods():
            record = world.get(model._name)
            arguments = self.arguments(function, world)
            for role in ROLES if record else ():
                mine = self.as_user(record, self.users[role])
                if mine.has_access("read"):
                    continue
                tried += 1
                answer = self.call(name, mine, arguments)
                if answer not in ("refused", None):
                    wrong.append(f"{role}: {model._name}.{name} → {answer!r:.150}")
        self.assertFalse(wrong, "\n".join(["", *wrong]))
        return tried

    def test_other_companies(self):
        """R-V04 R-C08: no method acts on another company's records or tells them."""
        self.assertGreater(self.check_strangers(self.foreign), 1000)

    def test_colleagues_records(self):
        """R-C08: nor on those of the own company that the caller may not read."""
        self.assertGreater(self.check_strangers(self.own), 500)

    def test_foreign_arguments(self):
        """R-V04: no method takes another company's record as its argument."""
        wrong = []
        for model, name, function in self.record_methods():
            record = self.as_user(self.own.get(model._name), self.master)
            usual = self.arguments(function, self.own)
            for parameter in parameters(function) if record else ():
                foreign = self.guess(parameter, self.foreign)
                if foreign == usual[parameter.name]:
                    continue
                answer = self.call(name, record, usual | {parameter.name: foreign})
                if answer not in ("refused", None):
                    wrong.append(f"{model._name}.{name}({parameter.name}) {answer!r}")
        self.assertFalse(wrong, "\n".join(["", *wrong]))

    def test_nonsense(self):
        """R-C08: what has the wrong kind is refused in words, never a server error."""
        faults = []
        for model, name, function in public_methods(self.env):
            if name in ODOOS:
                continue
            empty = getattr(function, "_api_model", False)
            record = model if empty else self.own.get(model._name)
            record = self.as_user(record, self.master)
            if not (record or empty):
                continue
            usual = self.arguments(function, self.own)
            for parameter in parameters(function):
                for value in NONSENSE:
                    answer = self.call(name, record, usual | {parameter.name: value})
                    if isinstance(answer, Exception):
                        faults.append(
                            f"{model._name}.{name}({parameter.name}={value!r:.20})"
                            f" {type(answer).__name__}: {answer!s:.100}"
                        )
        self.assertFalse(faults, "\n".join(["", *faults]))
