from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.models import BaseModel
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval, time
from odoo.tools.view_validation import get_expression_field_names

from .reads_common import OURS, ReadsCase

FORMS = {"sale.order", "stock.picking", "stock.lot", "repair.order"}  # Odoo's
COUNTED = {("guide", "repair.order")}  # only how many; the form is of the workshop
STAFF = ("technician", "agent", "supervisor", "manager", "guide", "warehouse")


@tagged("post_install", "-at_install")
class TestReadsScreens(ReadsCase):
    """Generated: every menu of every role opens, with what it shows (R-E07)."""

    def test_every_menu_of_every_role_opens(self):
        """R-E07: views, search, list, form and counters of what is listed."""
        failures = []
        for role in self.users.keys() - {"portal"}:
            self.seen = set()  # many menus show one form of one record
            for name, action in self.actions_of(role):
                failures += self.look(role, name, self.open_action, role, action)
        self.assertFalse(failures, "\n".join(failures))

    def actions_of(self, role):
        """The window actions behind the menus of ours that a role sees."""
        menus = self.env["ir.ui.menu"].with_user(self.users[role])
        visible = menus.browse(menus._visible_menu_ids()).sudo()
        ids = visible.get_external_id()
        for menu in visible:
            action = menu.action
            path = menu.browse(map(int, menu.parent_path.strip("/").split("/")))
            ours = action and ids[menu.id].startswith(OURS) and path <= visible
            if ours and action._name == "ir.actions.act_window":
                yield menu.complete_name, action

    def test_every_form_of_every_role_opens(self):
        """R-E07: of each record that a role finds, in the form of its model."""
        failures = []
        for role in STAFF:
            self.seen = set()
            for model in self.models_of(role):
                if (role, model._name) in COUNTED:
                    continue
                if model._name.startswith(OURS) or model._name in FORMS:
                    failures += self.look(role, model._name, self.open_first, model)
        self.assertFalse(failures, "\n".join(failures))

    def open_first(self, model):
        for record in model.search([], limit=2):
            view = record.get_formview_id()
            views = model.get_views([(view, "form")])["views"]
            self.open_form(record, views["form"])

    def look(self, role, what, act, *args):
        """Do something as a role; what it may not is a line of the answer."""
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                return act(*args) or []
        except AccessError as refusal:
            return [f"{role}: {what}: {refusal}"]

    def open_action(self, role, action):
        """What the client does for an action: load the views, search, read.

        :return: list of failures of single records
        """
        user = self.users[role]
        given = get_names(user)
        context = safe_eval(action.context or "{}", given)
        model = self.env(user=user)[action.res_model].with_context(**context)
        views = model.get_views(
            [*action.views, (False, "search")], {"toolbar": True, "load_filters": True}
        )["views"]
        domain = Domain(safe_eval(action.domain or "[]", given))
        for kind in views.keys() & {"list", "kanban"}:
            model.web_search_read(domain, get_spec(views[kind]["arch"]), limit=20)
        if "form" not in views:
            return []
        if action.target == "new" or model.has_access("create"):
            self.open_form(model, views["form"])
        failures = []
        for record in [] if action.target == "new" else model.search(domain, limit=3):
            what = f"{action.name} {record}"
            failures += self.look(role, what, self.open_form, record, views["form"])
        return failures

    def open_form(self, record, view):
        """Open a form, new or of a record, and what is behind its counters."""
        if (record, view["id"]) in self.seen:
            return
        self.seen.add((record, view["id"]))
        Form(record, view=view["id"] or None)
        box = "//div[@name='button_box']//button[@type='object']"
        for button in etree.fromstring(view["arch"]).xpath(box) if record else []:
            if not is_invisible(button, record):
                press(button, record)


def press(button, record):
    """Open what is behind a button: the records of its window action."""
    context = safe_eval(button.get("context") or "{}", {"id": record.id})
    action = getattr(record.with_context(**context), button.get("name"))()
    if isinstance(action, dict) and action.get("res_model"):
        target = record.env[action["res_model"]]
        target.search(action.get("domain") or [], limit=1).read(["display_name"])


def is_invisible(node, record):
    rule = node.get("invisible") or "False"
    values = {name: record[name] for name in get_expression_field_names(rule)}
    plain = {
        name: value.ids if isinstance(value, BaseModel) else value
        for name, value in values.items()
    }
    return safe_eval(rule, plain)


def get_names(user):
    """What the client knows when it evaluates an action."""
    return {
        "uid": user.id,
        "user": user,
        "time": time,
        "allowed_company_ids": user.company_id.ids,
        "company_id": user.company_id.id,
        "active_id": False,
        "active_ids": [],
    }


def get_spec(arch):
    """What the client asks for a list or a board of this architecture."""
    return {
        node.get("name"): {"fields": {"display_name": {}}}
        for node in etree.fromstring(arch).iter("field")
        if not any(parent.tag == "field" for parent in node.iterancestors())
    }
