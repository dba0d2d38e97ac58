from odoo.tests import HttpCase, tagged

from odoo.addons.aftersales_service.tests.route_common import RouteWalk

from .test_warranty import WarrantyCase


@tagged("post_install", "-at_install")
class TestWarrantyRoutes(RouteWalk, WarrantyCase, HttpCase):
    def test_nasty_values_never_end_in_a_fault(self):
        """R-W12: as public, customer and employee; nothing logged as an error."""
        for kind in ("page", "report"):
            self.env["ir.config_parameter"].set_param(
                f"aftersales_warranty.{kind}_limit", 10**6
            )
        for kind in ("post", "guess"):
            self.env["ir.config_parameter"].set_param(
                f"aftersales_service.{kind}_limit", 10**6
            )
        card = self.accept()
        token = card._portal_ensure_token()
        for login in (None, "as_portal", "as_agent"):
            self.authenticate(login, login)
            with self.subTest(login=login), self.assertNoLogs("odoo", "ERROR"):
                faults = self.walk("aftersales_warranty", card.id, token)
                self.assertFalse(faults)
