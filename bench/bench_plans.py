"""Visit plans: making 10,000 due visits, and finding that nothing is due."""

import sys
from datetime import timedelta

from harness import OURS, Verdict, environment, measure

COUNT = 10_000


class Plans:
    """Running plans whose first visit is due on ``day``."""

    def __init__(self, env, count, due):
        self.env = env
        self.model = env["aftersales.visit.plan"]
        template = env.ref("aftersales_service.visit_plan_template_inspection")
        today = env.company._aftersales_now_local().date()
        partners = env["res.partner"].create(
            [{"name": f"客户{n}", "city": "上海市"} for n in range(count // 10)]
        )
        plans = self.model.create(
            [
                {
                    "partner_id": partners[number // 10].id,
                    "template_id": template.id,
                    "start_date": today,
                }
                for number in range(count)
            ]
        )
        plans.action_start()
        if due:
            plans.write({"next_date": today + timedelta(days=10)})
        self.plans = plans
        env.flush_all()
        for table in ("aftersales_visit_plan", "aftersales_visit_plan_phase"):
            env.cr.execute(f"ANALYZE {table}")

    def run(self):
        """What the scheduled action does, without its commits."""
        while plans := self.model._take_due():
            plans._generate_safely()
            self.env.flush_all()
            self.env.invalidate_all()

    def prepare(self):
        """Values of the same visits, as the plans make them."""
        return [
            plan._prepare_visit_vals(plan._find_slot(plan.next_index))
            for plan in self.plans
        ]


def generate(count):
    """(seconds, queries) of the plans' own run."""
    with environment(OURS) as env:
        plans = Plans(env, count, due=True)
        result = measure(env, plans.run)
        made = env["aftersales.visit"].search_count(
            [("plan_id", "in", plans.plans.ids)]
        )
        assert made == count, made
        return result


def floor(count, bare=False):
    """(seconds, queries) of creating the same visits in one call of the ORM.

    :param bare: with numbers given and without the promises that visits make
    """
    with environment(OURS) as env:
        vals_list = Plans(env, count, due=True).prepare()
        if bare:
            env["ir.sequence"]._fill_names("aftersales.visit", vals_list)
            env["aftersales.sla.policy"].search([]).active = False
        result = measure(env, lambda: env["aftersales.visit"].create(vals_list))
        env.registry.clear_cache()  # the policies are back after the rollback
        return result


def look(count):
    """(seconds, queries) of a run that finds nothing due."""
    with environment(OURS) as env:
        plans = Plans(env, count, due=False)
        plans.run()
        return min(measure(env, plans.run) for _turn in range(5))


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    verdict = Verdict()
    generate(200)  # warms the registry
    ours, orm = generate(count), floor(count)
    print(f"{count} due visits: {ours[0]:.1f} s, {ours[1]} queries")
    print(f"the same in one create: {orm[0]:.1f} s, {orm[1]} queries")
    bare = floor(count, bare=True)
    print(f"without numbers and promises: {bare[0]:.1f} s, {bare[1]} queries")
    print(f"time against those: {ours[0] / bare[0]:.2f}")
    verdict.line("queries for each due visit", ours[1] / count, 1)
    verdict.line("time against one create by the ORM", ours[0] / orm[0], 1.5)
    seconds, queries = look(count)
    print(f"nothing due among {count} plans: {seconds * 1000:.1f} ms")
    verdict.line("queries when nothing is due", queries, 5)
    verdict.end()


main()
