from odoo.tests import HttpCase, tagged

from odoo.addons.aftersales_service.tests.route_common import RouteWalk

from .training_common import TrainingCase


@tagged("post_install", "-at_install")
class TestTrainingRoutes(RouteWalk, TrainingCase, HttpCase):
    session = None  # the browser's; TrainingCase calls something else so

    def test_nasty_values_never_end_in_a_fault(self):
        """R-T07 R-T04: as public, customer, manager; nothing logged as an error."""
        for kind in ("post", "guess"):
            self.env["ir.config_parameter"].set_param(
                f"aftersales_service.{kind}_limit", 10**6
            )
        self.commission()
        token = self.plan._portal_ensure_token()
        for login in (None, "as_portal", "as_manager"):
            self.authenticate(login, login)
            with self.subTest(login=login), self.assertNoLogs("odoo", "ERROR"):
                faults = self.walk("aftersales_training", self.plan.id, token)
                self.assertFalse(faults)
