"""Schedulers that make the visits of plans at once, and die while they do."""

import subprocess
import sys
import time

from dev import database, postgres
from dev.paths import ROOT

PLANS = """
template = env.ref("aftersales_service.visit_plan_template_inspection")
partner = env["res.partner"].create({"name": "上海市第三中学", "city": "上海市"})
today = env.company._aftersales_now_local().date()
plans = env["aftersales.visit.plan"].create(
    [{"partner_id": partner.id, "template_id": template.id} for _ in range({count})]
)
plans.action_start()
plans.write({"next_date": today})
env.cr.commit()
"""
FIGURES = """
SELECT count(*), count(DISTINCT (plan_id, plan_index)),
       (SELECT count(*) FROM aftersales_sla_clock WHERE code = 'due'),
       (SELECT count(*) FROM aftersales_visit_plan
         WHERE state = 'running' AND generate_on <= now()::date)
  FROM aftersales_visit WHERE plan_index > 0
"""


class Schedulers:
    """Plans that are due in a database, and processes that take care of them.

    :param name: database with the addons
    :param count: number of due plans
    """

    def __init__(self, name, count):
        self.name = name
        code, printed = database.shell(name, PLANS.replace("{count}", str(count)))
        assert not code, printed

    def start(self):
        """A process that has opened the database and begins."""
        process = subprocess.Popen(
            [database.PYTHON, "-m", "tests.helpers.schedulers", self.name],
            env=database.environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout.readline().strip() == "ready"
        return process

    def figures(self):
        """(visits, different numbers of plans, promises, plans still due)."""
        return tuple(map(int, postgres.psql(FIGURES, self.name).split("|")))


def work(name):
    """Make what is due in small committed steps, until nothing is left."""
    import odoo
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    odoo.tools.config.parse_config(
        ["-c", str(database.config(name)), "--log-level=critical"]
    )
    registry = Registry(name)
    from odoo.addons.aftersales_service.models.plan import visit_plan_generate

    visit_plan_generate.BATCH = 10
    print("ready", flush=True)
    for _turn in range(100):  # as the scheduler: what failed is tried again
        with registry.cursor() as cr:
            plans = api.Environment(cr, SUPERUSER_ID, {})["aftersales.visit.plan"]
            if not plans.search_count(plans._get_due_domain(), limit=1):
                return
            try:
                plans._cron_generate_visits()
            except odoo.service.model.PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                cr.rollback()
        time.sleep(0.1)


if __name__ == "__main__":
    work(sys.argv[1])
