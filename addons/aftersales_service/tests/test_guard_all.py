from odoo.exceptions import UserError
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tests import tagged

from .common import ROLES, AftersalesCase

SAMPLES = {
    "boolean": True,
    "integer": 77,
    "float": 77.0,
    "monetary": 77.0,
    "char": "伪造",
    "text": "伪造",
    "html": "伪造",
    "date": "2020-01-01",
    "datetime": "2020-01-01 00:00:00",
    "many2one": 1,
    "many2one_reference": 1,
    "many2many": [(4, 1)],
    "one2many": [(0, 0, {})],
    "binary": "AAAA",
    "image": "AAAA",
    "json": {"a": 1},
}


@tagged("post_install", "-at_install")
class TestGuardAll(AftersalesCase):
    """R-E02: every protected field of every model, each role, each way in.

    The fields are found by their declaration: a new one is tried by itself.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.protected = {}
        for name, model in cls.env.items():
            if model._abstract or model._transient or not model._auto:
                continue
            rules = model._get_guarded()
            fields = {n for n, rule in rules.items() if rule == "readonly"}
            stored = {n for n in fields if model._fields[n].store}
            stored -= set(LOG_ACCESS_COLUMNS)  # Odoo itself drops these
            if stored:
                cls.protected[name] = stored

    def forge(self, model, name):
        field = model._fields[name]
        if field.type == "selection":
            values = field.get_values(model.env)
            return values[-1] if values else "x"
        if field.type == "reference":
            return f"res.partner,{self.partner.id}"
        return SAMPLES[field.type]

    def forged(self, model):
        """Values of all protected fields that the model wouldn't have by itself."""
        names = self.protected[model._name]
        usual = model.sudo().default_get(list(names))
        forged = {name: self.forge(model, name) for name in names}
        return {n: v for n, v in forged.items() if v != usual.get(n)}

    def test_there_is_something_to_try(self):
        """R-E02: the models and fields are found."""
        self.assertGreater(len(self.protected), 50)
        self.assertGreater(sum(map(len, self.protected.values())), 400)

    def test_create(self):
        """R-E02: no role gives a new record what only acts record."""
        for name in self.protected:
            for role in ROLES:
                model = self.env[name].with_user(self.users[role])
                with self.assertRaises(UserError, msg=(name, role)):
                    model.create(self.forged(model))

    def test_defaults(self):
        """R-E02: neither the context nor a personal default reaches such a field."""
        agent = self.users["manager"]
        for name, fields in self.protected.items():
            model = self.env[name].with_user(agent)
            forged = self.forged(model)
            keys = {f"default_{field}": value for field, value in forged.items()}
            usual = model.sudo().default_get(list(fields))
            for env in (model, model.sudo()):
                got = env.with_context(**keys).default_get(list(fields))
                reached = {
                    field
                    for field in fields & got.keys()
                    if got[field] == forged[field] != usual.get(field)
                }
                self.assertFalse(reached, name)

    def test_write(self):
        """R-E02: no role changes on a record of its own what only acts record."""
        tried = set()
        for name, record in self.make_records():
            for role in ROLES:
                mine = record.with_user(self.users[role])
                for field in self.protected[name]:
                    value = self.forge(record, field)
                    if record._fields[field].type == "boolean":
                        value = not record[field]
                    if record._fields[field].type == "many2one":
                        value = record[field].id + 1
                    with self.assertRaises(UserError, msg=(name, role, field)):
                        mine.write({field: value})
            tried.add(name)
        self.assertGreater(len(tried), 8, tried)

    def make_records(self):
        """One record of each model that an order and a repair bring about."""
        order = self.create_order(no_special_requests=True)
        order.action_confirm()
        request = self.env["aftersales.request"].create(
            {"partner_id": self.partner.id, "problem": "不升降", "type": "fault"}
        )
        request.user_id = self.users["agent"]
        request.action_reply("已回电")
        request.product_id = self.desk
        request.action_dispatch(self.technician.ids)
        self.env["aftersales.liability"].create({"order_id": order.id, "cause": "迟到"})
        self.env["aftersales.request.cost"].create({"request_id": request.id})
        self.env.flush_all()
        for name in self.protected:
            if name.startswith("aftersales.") or name in ("sale.order", "stock.move"):
                record = self.env[name].search([], order="id desc", limit=1)
                if record and "act" not in name.split(".")[1:2]:
                    yield name, record
