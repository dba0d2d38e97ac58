from odoo.tests import HttpCase, new_test_user, tagged

from .common import AftersalesCase
from .route_common import RouteWalk


@tagged("post_install", "-at_install")
class TestRoutes(RouteWalk, AftersalesCase, HttpCase):
    """Nothing that is sent to our pages is a fault of the program (R-S01, R-D01)."""

    def setUp(self):
        super().setUp()
        customer = new_test_user(
            self.env, login="as_customer", groups="base.group_portal"
        )
        customer.partner_id.parent_id = self.partner
        for kind in ("post", "guess", "report"):
            self.env["ir.config_parameter"].set_param(
                f"aftersales_service.{kind}_limit", 10**6
            )
        self.visit = self.env["aftersales.visit"].create(
            {"kind": "repair", "partner_id": self.partner.id}
        )
        self.token = self.visit._portal_ensure_token()

    def test_nasty_values_never_end_in_a_fault(self):
        """R-S01 R-D01: as public, customer and manager; nothing logged as an error."""
        for login in (None, "as_customer", "as_manager"):
            self.authenticate(login, login)
            with self.subTest(login=login), self.assertNoLogs("odoo", "ERROR"):
                faults = self.walk("aftersales_service", self.visit.id, self.token)
                self.assertFalse(faults)
