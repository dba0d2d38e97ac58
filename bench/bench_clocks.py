"""Enforcing promises: cost must follow what is due, not what is open."""

from harness import OURS, Verdict, environment, measure

SQL = """
INSERT INTO aftersales_sla_clock
    (res_model, res_id, res_name, company_id, code, start_event, stop_event,
     consequence, started_at, deadline, recorded_state, escalated_level,
     limit_seconds, warn_at, next_check_at)
SELECT 'res.partner', n, 'bench', %s, 'bench', 'a', 'b', 'none',
       now(), now() + interval '1 day', 'running', 0, 86400, '',
       now() + interval '1 day'
FROM generate_series(1, %s) n
"""


def look(env, count):
    """Seconds (best of 20) and queries of finding nothing due."""
    env.cr.execute(SQL, (env.company.id, count))
    env.cr.execute("ANALYZE aftersales_sla_clock")
    clocks = env["aftersales.sla.clock"]
    samples = [measure(env, lambda: clocks._lock_due(200)) for _ in range(20)]
    return min(samples)


def main():
    verdict = Verdict()
    found = {}
    for count in (1_000, 100_000):
        with environment(OURS) as env:
            found[count] = look(env, count)
        seconds, queries = found[count]
        print(
            f"{count} running, nothing due: {seconds * 1000:.2f} ms, {queries} queries"
        )
        verdict.line(f"{count} running, queries", queries, 5)
    ratio = found[100_000][0] / found[1_000][0]
    verdict.line("100,000 against 1,000 running, time ratio", ratio, 2)
    verdict.end()


main()
