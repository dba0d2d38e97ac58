"""Opening the desk: queries must not grow with the register."""

from harness import OURS, Verdict, environment, measure

COPY = """
INSERT INTO aftersales_request ({columns})
SELECT {values} FROM aftersales_request t, generate_series(1, %s) n WHERE t.id = %s
RETURNING id
"""
CLOCKS = """
INSERT INTO aftersales_sla_clock ({columns})
SELECT {values} FROM aftersales_sla_clock t, unnest(%s::int[]) n
 WHERE t.res_model = 'aftersales.request' AND t.res_id = %s
"""
CARD = {
    "partner_id": {"fields": {"display_name": {}}},
    "product_id": {"fields": {"display_name": {}}},
    "lot_id": {"fields": {"display_name": {}}},
    "user_id": {"fields": {"display_name": {}}},
    **{
        name: {}
        for name in ("name", "problem", "state", "emergency", "sla_state")
        + ("sla_deadline", "sla_risk_at")
    },
}


def multiply(env, sql, table, **changed):
    """A statement that copies rows of a table, some columns changed."""
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id'",
        [table],
    )
    columns = [row[0] for row in env.cr.fetchall()]
    values = [changed.get(name, f't."{name}"') for name in columns]
    return sql.format(
        columns=", ".join(f'"{name}"' for name in columns), values=", ".join(values)
    )


def fill(env, count):
    """A register of ``count`` open requests with all their promises."""
    partner = env["res.partner"].create({"name": "上海市第三中学"})
    product = env["product.product"].create({"name": "升降课桌"})
    request = env["aftersales.request"].create(
        {"partner_id": partner.id, "product_id": product.id, "problem": "不能升降"}
    )
    env.flush_all()
    sql = multiply(env, COPY, "aftersales_request", name="'B-' || n")
    env.cr.execute(sql, [count - 1, request.id])
    ids = [row[0] for row in env.cr.fetchall()]
    sql = multiply(env, CLOCKS, "aftersales_sla_clock", res_id="n")
    env.cr.execute(sql, [ids, request.id])
    env.cr.execute("ANALYZE aftersales_request; ANALYZE aftersales_sla_clock")


def open_desk(env):
    """What the client asks for: the columns with their first cards."""
    return env["aftersales.request"].web_read_group(
        [("state", "not in", ("closed", "cancelled"))],
        ["state"],
        ["__count"],
        order="sla_deadline, id",
        auto_unfold=True,
        unfold_read_specification=CARD,
        unfold_read_default_limit=40,
    )


def main():
    verdict, found = Verdict(), {}
    for count in (200, 20_000):
        with environment(OURS) as env:
            fill(env, count)
            measure(env, lambda: open_desk(env))  # warms the registry
            found[count] = measure(env, lambda: open_desk(env))
        seconds, queries = found[count]
        print(f"desk with {count} requests: {seconds * 1000:.0f} ms, {queries} queries")
    more = found[20_000][1] - found[200][1]
    verdict.line("queries more with 20,000 than with 200 requests", more, 0)
    verdict.end()


if __name__ == "__main__":
    main()
