import json

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import new_test_user
from odoo.tools import mute_logger


class ReportReaders:
    """Every report of an addon, asked for by everybody; mixed into an HttpCase."""

    def add_readers(self):
        """Besides the roles: another company's agent, the customer, nobody."""
        other = self.env["res.company"].create({"name": "北京分公司"})
        self.users["foreign"] = new_test_user(
            self.env,
            login="as_foreign",
            groups="aftersales_service.group_aftersales_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        customer = new_test_user(
            self.env, login="as_customer", groups="base.group_portal"
        )
        customer.partner_id.parent_id = self.partner
        self.users["customer"] = customer
        self.users["public"] = self.env.ref("base.public_user")

    def get_reports(self, addon):
        """The reports of an addon; a new one needs a record in the test."""
        name = f"{addon}.%"
        return self.env["ir.actions.report"].search([("report_name", "=like", name)])

    def ask(self, report, record, way="html", **query):
        """Status of one way to print.

        :param way: html, pdf, or download: what the buttons of the web client press
        """
        path = f"/report/{way}/{report.report_name}/{record.id}"
        if way != "download":
            return self.url_open(
                path + "?" + "&".join(f"{k}={v}" for k, v in query.items()),
                allow_redirects=False,
            ).status_code
        path = path.replace("/download/", "/pdf/")
        token = Request.csrf_token(self)
        data = {"data": json.dumps([path, "qweb-pdf"]), "csrf_token": token}
        return self.url_open("/report/download", data, allow_redirects=False)

    def login(self, role):
        login = self.users[role].login
        self.authenticate(*((None, None) if role == "public" else (login, login)))

    def may_read(self, role, report, record):
        user = self.users[role]
        groups = report.group_ids
        return (not groups or bool(groups & user.all_group_ids)) and record.with_user(
            user
        ).has_access("read")

    def check_readers(self, addon, records, never):
        """Who reads the record prints the report, nobody else.

        :param records: record by template name of the report
        :param never: roles to which every one of them is refused
        """
        self.add_readers()
        reports = self.get_reports(addon)
        names = [report.report_name.partition(".")[2] for report in reports]
        self.assertEqual(sorted(names), sorted(records))
        self.env.flush_all()
        wrong = []
        for role in self.users:
            self.login(role)
            for report in reports:
                record = records[report.report_name.partition(".")[2]]
                may = self.may_read(role, report, record)
                self.assertFalse(may and role in never, (role, report.report_name))
                for way in ("html", "pdf"):
                    with mute_logger("odoo.http"):
                        status = self.ask(report, record, way)
                    if (status == 200) != may or status >= 500:
                        wrong.append((role, report.report_name, way, status))
        self.assertFalse(wrong)
