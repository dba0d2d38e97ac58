from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval, time

from .reads_common import OURS, ReadsCase

RECORDS = ("list", "kanban", "form")


@tagged("post_install", "-at_install")
class TestReadsScreens(ReadsCase):
    """Generated: every menu of every role opens, with what it shows (R-E07)."""

    def actions_of(self, role):
        """The window actions behind the menus of ours that a role sees."""
        menus = self.env["ir.ui.menu"].with_user(self.users[role])
        menus = menus.browse(menus._visible_menu_ids())
        ids = menus.sudo().get_external_id()
        for menu in menus.sudo():
            action = menu.action
            ours = action and ids[menu.id].startswith(OURS)
            if ours and action._name == "ir.actions.act_window":
                yield menu.complete_name, action

    def test_every_menu_of_every_role_opens(self):
        """R-E07: views, search, list and form of each record that is listed."""
        failures = []
        for role in self.users:
            if role == "portal":
                continue
            for name, action in self.actions_of(role):
                failures += self.look(role, name, self.open_action, role, action)
        self.assertEqual(failures, [])

    def look(self, role, what, act, *args):
        """Do something as a role; what it may not is a line of the answer."""
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                return act(*args) or []
        except AccessError as refusal:
            return [f"{role}: {what}: {str(refusal)[:160]}"]

    def open_action(self, role, action):
        """What the client does for an action: load the views, search, read.

        :return: list of failures of single records
        """
        user = self.users[role]
        context = safe_eval(action.context or "{}", self.get_eval(user))
        model = self.env(user=user)[action.res_model].with_context(context)
        views = model.get_views(
            [(view, kind) for view, kind in action.views] + [(False, "search")],
            {"toolbar": True, "load_filters": True},
        )["views"]
        if action.target == "new":
            self.open_form(model, views)
            return []
        domain = Domain(safe_eval(action.domain or "[]", self.get_eval(user)))
        for kind in set(views) & {"list", "kanban"}:
            model.web_search_read(domain, get_spec(views[kind]["arch"]), limit=20)
        if "form" in views and model.has_access("create"):
            self.open_form(model, views)
        failures = []
        for record in model.search(domain, limit=5):
            what = f"{action.name} {record._name}({record.id})"
            failures += self.look(role, what, self.open_form, record, views)
            failures += self.look(role, what, self.press, record, views)
        return failures

    def open_form(self, record, views):
        if "form" in views:
            Form(record, view=views["form"]["id"] or None)

    def press(self, record, views):
        """Open what is behind the counters of a form."""
        if "form" not in views:
            return
        arch = etree.fromstring(views["form"]["arch"])
        for button in arch.xpath("//div[@name='button_box']//button[@type='object']"):
            action = getattr(record, button.get("name"))()
            if isinstance(action, dict) and action.get("res_model"):
                target = record.env[action["res_model"]]
                target.search(action.get("domain") or [], limit=1).read(
                    ["display_name"]
                )

    def get_eval(self, user):
        company = user.company_id
        return {
            "uid": user.id,
            "user": user,
            "time": time,
            "allowed_company_ids": company.ids,
            "company_id": company.id,
            "active_id": False,
            "active_ids": [],
        }


def get_spec(arch):
    """What the client asks for a list or a board of this architecture."""
    spec = {}
    for node in etree.fromstring(arch).iter("field"):
        inner = any(a.tag == "field" for a in node.iterancestors())
        if not inner:
            spec[node.get("name")] = {"fields": {"display_name": {}}}
    return spec
