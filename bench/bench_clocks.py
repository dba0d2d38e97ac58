"""Enforcing promises: cost must follow what is due, not what is open."""

import resource

from harness import OURS, Verdict, environment, measure

CLOCKS = """
INSERT INTO aftersales_sla_clock
    (res_model, res_id, res_name, company_id, code, start_event, stop_event,
     consequence, started_at, deadline, recorded_state, escalated_level,
     limit_seconds, warn_at, next_check_at)
SELECT 'aftersales.request', id, 'bench', %(company)s, %(code)s || n, 'a', 'b', 'none',
       date_trunc('second', now() AT TIME ZONE 'utc') - interval '1 day',
       date_trunc('second', now() AT TIME ZONE 'utc') + %(after)s::interval,
       'running', 0, 86400, '',
       date_trunc('second', now() AT TIME ZONE 'utc') + %(after)s::interval
  FROM unnest(%(requests)s::int[]) id, generate_series(1, %(each)s) n
"""
REQUESTS = 100


class Desk:
    """A register with requests, and as many promises of them as wanted."""

    def __init__(self, env):
        self.env = env
        self.clocks = env["aftersales.sla.clock"]
        env["aftersales.sla.policy"].search([]).active = False
        user = env.ref("base.user_admin")
        self.requests = env["aftersales.request"].create(
            [
                {"problem": "不能启动", "type": "inquiry", "user_id": user.id}
                for _number in range(REQUESTS)
            ]
        )
        env.flush_all()

    def add(self, count, code, after):
        """Make ``count`` promises that end ``after`` from now."""
        values = {
            "company": self.env.company.id,
            "code": code,
            "after": after,
            "requests": self.requests.ids,
            "each": count // REQUESTS,
        }
        self.env.cr.execute(CLOCKS, values)
        self.env.cr.execute("ANALYZE aftersales_sla_clock")

    def enforce(self):
        """What the scheduled action does, without its commits."""
        while clocks := self.clocks._lock_due(200):
            clocks._enforce_safely(self.env.cr.now())
            self.env.flush_all()
            self.env.invalidate_all()
        self.env["aftersales.sla.escalation"]._lock_untold()._notify_users()

    def scan(self):
        """The naive way: look at every open promise."""
        now = self.env.cr.now()
        running = self.clocks.search([("recorded_state", "=", "running")])
        return [clock for clock in running if clock.deadline < now]


def start(count):
    """Queries that their promises add to registering faults, for each of them."""
    queries = []
    for policies in (True, False):
        with environment(OURS) as env:
            if not policies:
                env["aftersales.sla.policy"].search([]).active = False
            partner = env["res.partner"].create({"name": "上海市第三中学"})
            product = env["product.product"].create({"name": "升降课桌"})
            report = {"partner_id": partner.id, "product_id": product.id}
            report["problem"] = "不能升降"
            create = env["aftersales.request"].create
            create([dict(report)])  # warms the caches
            reports = [dict(report) for _number in range(count)]
            queries.append(measure(env, lambda c=create, r=reports: c(r))[1])
    return (queries[0] - queries[1]) / count


def look(running):
    """Finding nothing due, and the naive scan: (seconds, queries) each."""
    with environment(OURS) as env:
        desk = Desk(env)
        desk.add(running, "open", "1 day")
        samples = [measure(env, lambda: desk.clocks._lock_due(200)) for _ in range(20)]
        return min(samples), measure(env, desk.scan)


def breach(due, running):
    """Enforcing what is due among many others: (seconds, queries), best of 3."""
    samples = []
    for _turn in range(3):
        with environment(OURS) as env:
            desk = Desk(env)
            desk.add(running, "open", "1 day")
            desk.add(due, "due", "-1 minute")
            messages = env["mail.message"].search_count([])
            samples.append(measure(env, desk.enforce))
            told = env["mail.message"].search_count(
                [("message_type", "=", "user_notification")]
            )
            logged = env["mail.message"].search_count([]) - messages - told
    print(
        f"{due} due among {running}: {min(samples)[0]:.2f} s, {samples[0][1]} queries,"
        f" {told} messages to people, {logged} in the files"
    )
    return min(samples), told


def main():
    verdict = Verdict()
    verdict.line("promises of one report, extra queries", start(1), 4)
    verdict.line("promises of 100 reports, extra queries each", start(100), 1)
    found = {count: look(count) for count in (1_000, 100_000)}
    for count, ((seconds, queries), _scan) in found.items():
        milliseconds = seconds * 1000
        print(f"{count} running, nothing due: {milliseconds:.2f} ms, {queries} queries")
        verdict.line(f"{count} running, queries", queries, 5)
    (few, _scan), (many, scan) = found[1_000], found[100_000]
    verdict.line("100,000 against 1,000 running, time ratio", many[0] / few[0], 2)
    verdict.line("our share of a naive scan's time", many[0] / scan[0], 0.01)
    print(f"a naive scan takes {scan[0] / many[0]:.0f} times as long")
    peak = {}
    for due in (100, 1_000):
        (small, _told), (large, told) = breach(due, 1_000), breach(due, 100_000)
        peak[due] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        verdict.line(f"{due} due, queries each", large[1] / due, 2)
        ratio = large[0] / small[0]
        verdict.line(f"{due} due among 100,000 against 1,000, time", ratio, 1.3)
        verdict.line(f"{due} due, messages to one person", told / 2, 1)
    verdict.line("memory, 1,000 due against 100", peak[1_000] / peak[100], 1.2)
    verdict.end()


main()
