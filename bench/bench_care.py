"""Appraising a month: 200 people, 40,000 promises, 5,000 answers and 5,000 requests.

The naive way, measured in the same run, asks for each employee.
"""

from functools import partial
from importlib import import_module

from bench_desk import CLOCKS, COPY, multiply
from harness import OURS, Verdict, environment, measure

from odoo.fields import Domain

SOURCES = "odoo.addons.aftersales_service.models.appraisal.appraisal_facts"
PEOPLE, PROMISES, ANSWERS = 200, 40_000, 5_000
SPREAD = """
UPDATE {table} t SET {column} = (%s::int[])[1 + t.id %% %s] WHERE t.id > %s
"""
FEEDBACK = """
INSERT INTO aftersales_feedback (company_id, partner_id, answered_at, channel,
                                 employee_id, csat)
SELECT %s, %s, %s, 'letter', (%s::int[])[1 + n %% %s], (1 + n %% 5)::text
  FROM generate_series(1, %s) n
"""


def fill(env):
    """People with their promises, answers and closed requests of this month."""
    users = env["res.users"].with_context(no_reset_password=True)
    users = users.create(
        [{"name": f"师傅{n}", "login": f"bench{n}"} for n in range(PEOPLE)]
    )
    employees = env["hr.employee"].create(
        [{"name": user.name, "user_id": user.id} for user in users]
    )
    partner = env["res.partner"].create({"name": "上海市第三中学"})
    request = env["aftersales.request"].create(
        {"partner_id": partner.id, "type": "complaint", "problem": "送货迟到"}
    )
    request.action_reply(note="已答复")
    request.write({"state": "closed", "closed_at": request.replied_at})
    env.flush_all()
    sql = multiply(env, COPY, "aftersales_request", name="'B-' || n")
    env.cr.execute(sql, [ANSWERS, request.id])
    env.cr.execute(
        SPREAD.format(table="aftersales_request", column="user_id"),
        [users.ids, PEOPLE, request.id],
    )
    spread_clocks(env, request, users)
    env.cr.execute(
        FEEDBACK,
        [
            env.company.id,
            partner.id,
            request.closed_at,
            employees.ids,
            PEOPLE,
            ANSWERS,
        ],
    )
    env.cr.execute("ANALYZE")
    return employees


def spread_clocks(env, request, users):
    """Copies of a kept promise, spread over the people."""
    clock = request.sla_clock_ids.filtered(lambda c: c.state == "met")[:1]
    sql = multiply(env, CLOCKS, "aftersales_sla_clock", res_id="n")
    sql += " AND t.id = %s"
    numbers = list(range(10**6, 10**6 + PROMISES))
    env.cr.execute(sql, [numbers, request.id, clock.id])
    env.cr.execute(
        SPREAD.format(table="aftersales_sla_clock", column="user_id"),
        [users.ids, PEOPLE, clock.id],
    )


def appraise(env, employees):
    """One call for all of them."""
    return env["aftersales.appraisal"].appraise(
        month=str(env["aftersales.appraisal"]._get_month(env.company)),
        employee_ids=employees.ids,
    )


def naive(env, employees):
    """The same figures, asked for each employee, and written one by one."""
    appraisals = env["aftersales.appraisal"]
    facts = env["aftersales.appraisal.facts"]
    month = appraisals._get_month(env.company)
    bounds = appraisals._get_bounds(env.company, month)
    weights = env["aftersales.appraisal.weight"]._get_weights(env.company)
    sources = import_module(SOURCES).SOURCES  # there once Odoo has loaded it
    for employee in employees:
        found = {}
        for code, source in sources.items():
            domain = facts._get_source_domain(source, env.company, *bounds)
            found[code] = {}
            for owner in source.owners:
                key = employee.user_id if owner == "user_id" else employee
                own = domain & Domain(owner, "in", key.ids)
                for record in env[source.model].search(own):
                    scores = source.scores or (lambda value: 1.0)
                    score = scores(record[source.value or "id"])
                    found[code][record.id] = score
        result, lines = appraisals._prepare_result(weights, found)
        appraisal = appraisals.create(
            {"company_id": env.company.id, "month": month, "employee_id": employee.id}
        )
        appraisal.write(result)
        for line in lines:
            appraisal.line_ids.create(dict(line, appraisal_id=appraisal.id))
        env.flush_all()


def main():
    found = {}
    for name, action in (("ours", appraise), ("naive", naive)):
        with environment(OURS) as env:
            employees = fill(env)
            found[name] = measure(env, partial(action, env, employees))
            scores = env["aftersales.appraisal"].search([]).mapped("score")
            found[f"{name} scores"] = sorted(round(score, 6) for score in scores)
        seconds, queries = found[name]
        print(f"{name}: {seconds:.2f} s, {queries} queries for {PEOPLE} people")
    assert found["ours scores"] == found["naive scores"]
    verdict = Verdict()
    verdict.line("queries for each employee", found["ours"][1] / PEOPLE, 0.5)
    verdict.line(
        "time against the naive way", found["ours"][0] / found["naive"][0], 0.5
    )
    verdict.end()


main()
