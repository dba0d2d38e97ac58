"""What the tests over all public methods share: finding, filling, calling them."""

import inspect

from odoo import Command, fields
from odoo.tools import mute_logger

OURS = "aftersales_"
# What an answer to a stranger may be: nothing, or a window that shows nothing
WINDOW = "ir.actions.act_window"


def public_methods(env):
    """Yield (model, name, function) of all that clients can call and we wrote."""
    for model_name in sorted(env.registry):
        model = env[model_name]
        if model._abstract:
            continue
        for name in dir(type(model)):
            if name.startswith("_"):
                continue
            owners = [c for c in type(model).mro() if name in vars(c)]
            modules = [str(getattr(c, "_module", "")) for c in owners]
            ours = any(module.startswith(OURS) for module in modules)
            # Odoo's mail gateway hands over messages, no client could
            gateway = name.startswith("message_") and "mail" in modules
            private = gateway or any(
                getattr(vars(c)[name], "_api_private", 0) for c in owners
            )
            function = getattr(type(model), name)
            if ours and not private and inspect.isfunction(function):
                yield model, name, function


def parameters(function):
    """Names of the parameters that a client gives, in their order."""
    given = list(inspect.signature(function).parameters.values())[1:]
    return [p for p in given if p.kind is not p.VAR_KEYWORD]


class Factory:
    """Makes one record of any model, filling what is required.

    :param env: of the system
    :param company: of the records
    :param known: dict of model name → record to use instead of making one
    """

    def __init__(self, env, company, known):
        self.env, self.company, self.known = env, company, dict(known)

    def get(self, model_name):
        """The record of a model; an empty one where none can be made."""
        if model_name not in self.known:
            self.known[model_name] = self.env[model_name].browse()  # no endless loop
            self.known[model_name] = self._make(model_name)
        return self.known[model_name]

    def _make(self, model_name):
        model = self.env[model_name].sudo().with_company(self.company)
        found = model._auto and not model._transient and self._find(model)
        if found:
            return found
        before = dict(self.known)
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                record = model.create(self._vals(model))
                self.env.flush_all()
                return record
        except Exception:  # some records come from acts only: these are skipped
            self.env.invalidate_all()
            self.known = before  # what was made for it went with it
            return model.browse()

    def _find(self, model):
        """What the acts of the set-up made in this company."""
        if "company_id" not in model._fields or not model._fields["company_id"].store:
            return model.browse()
        return model.search([("company_id", "=", self.company.id)], limit=1)

    def _vals(self, model):
        usual = model.default_get(list(model._fields))
        vals = {}
        for name, field in model._fields.items():
            if name == "company_id":
                vals[name] = self.company.id
            elif name in ("partner_id", "visit_id", "request_id", "order_id", "lot_id"):
                if field.type == "many2one" and field.store and not field.related:
                    vals[name] = self.get(field.comodel_name).id
            elif field.required and name not in usual and field.store:
                vals[name] = self._value(field)
        return vals

    def _value(self, field):
        if field.type == "many2one":
            return self.get(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return {
            "char": "测试",
            "text": "测试",
            "html": "测试",
            "integer": 1,
            "float": 1.0,
            "monetary": 1.0,
            "date": fields.Date.today(),
            "datetime": fields.Datetime.now(),
            "many2many": [Command.clear()],
        }.get(field.type)


def is_empty(answer):
    """Whether an answer tells nothing."""
    if isinstance(answer, dict):
        return answer.get("type") == WINDOW or not any(
            value for key, value in answer.items() if key != "id"
        )
    return not answer or answer is True
