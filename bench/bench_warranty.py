"""Warranty: cards of a delivery, coverage of many, a quiet day, looking one up."""

from statistics import median

from harness import OURS, PLAIN, Verdict, environment, measure

from odoo.fields import Command, Date

ROUNDS = 11
FEW, MANY = 50, 500
COMPONENTS = 3
QUIET_CARDS, CARDS = 10_000, 200_000


def plain_desk(env):
    vals = {"name": "升降课桌", "is_storable": True, "tracking": "serial"}
    return env["product.product"].create(vals)


def desk(env):
    product = plain_desk(env)
    parts = env["product.product"].create(
        [{"name": f"部件 {n}"} for n in range(COMPONENTS)]
    )
    product.product_tmpl_id.warranty_component_ids = [
        Command.create({"product_id": part.id}) for part in parts
    ]
    return product


def customer(env):
    return env["res.partner"].create({"name": "第三中学", "phone": "021 6218 0000"})


def picking(env, product, count):
    """A picking with so many serial numbers, picked."""
    stock = env.ref("stock.warehouse0").lot_stock_id
    lots = env["stock.lot"].create(
        [{"name": f"B-{n:05d}", "product_id": product.id} for n in range(count)]
    )
    for lot in lots:
        env["stock.quant"]._update_available_quantity(product, stock, 1, lot_id=lot)
    line = Command.create({"product_id": product.id, "product_uom_qty": count})
    order = env["sale.order"].create(
        {"partner_id": customer(env).id, "order_line": [line]}
    )
    order.action_confirm()
    order.picking_ids.move_ids.picked = True
    return order.picking_ids


def validate(database, count):
    """Seconds and queries of a delivery, and how many cards it made."""
    with environment(database) as env:
        product = desk(env) if database == OURS else plain_desk(env)
        # else Odoo only asks whether to send a text message
        goods = picking(env, product, count).with_context(skip_sms=True)
        result = measure(env, goods.button_validate)
        made = database == OURS and env["aftersales.warranty.card"].search_count([])
        return (*result, made)


def cards_of_a_delivery(verdict):
    """The same delivery by plain Odoo and by ours with cards, in turn."""
    for count in (FEW, MANY):
        samples = {PLAIN: [], OURS: []}
        for turn in range(ROUNDS + 1 if count == FEW else 4):
            for database, results in samples.items():
                sample = validate(database, count)
                if turn:
                    results.append(sample)
        plain, ours = (
            [median(column) for column in zip(*samples[key], strict=True)]
            for key in (PLAIN, OURS)
        )
        print(
            f"validate {count} serials: plain {plain[0]:.2f} s, {plain[1]:.0f} queries;"
            f" with {ours[2]:.0f} cards of {COMPONENTS} components {ours[0]:.2f} s,"
            f" {ours[1]:.0f} queries"
        )
        # Odoo writes 100 rows with a statement: 500 cards take 5
        target = 10 if count == FEW else 10 + count // 100
        verdict.line(f"{count} cards, extra queries", ours[1] - plain[1], target)
        verdict.line(f"{count} cards, time ratio", ours[0] / plain[0], 1.15)


def fill(env, count):
    """Cards that started today, put in by SQL, a hundred for each customer."""
    product = desk(env)
    policy = env.ref("aftersales_warranty.warranty_policy_3_5")
    company, today = env.company, Date.today()
    partners = env["res.partner"].create(
        [
            {"name": f"P{n}", "phone": f"+86 139 {n:08d}"}
            for n in range(max(count // 100, 1))
        ]
    )
    env.flush_all()
    env.cr.execute(
        """WITH lots AS (
               INSERT INTO stock_lot (name, product_id, company_id)
               SELECT 'S-' || n, %(product)s, %(company)s
                 FROM generate_series(1, %(count)s) n RETURNING id, name)
           INSERT INTO aftersales_warranty_card
                  (name, lot_id, is_serial, product_id, company_id, policy_id,
                   partner_id, quantity, start_date, end_date, expiring_from,
                   next_reminder_on, next_maintenance_on, public_token)
           SELECT 'WC-' || name, id, true, %(product)s, %(company)s, %(policy)s,
                  (%(partners)s)[1 + id %% %(many)s], 1, %(today)s, %(today)s + 1095,
                  %(today)s + 1065, %(today)s + 1065, %(today)s + 1065, 'T' || id
             FROM lots""",
        {
            "product": product.id,
            "company": company.id,
            "policy": policy.id,
            "partners": partners.ids,
            "many": len(partners),
            "count": count,
            "today": today,
        },
    )
    env.cr.execute("ANALYZE")
    env.invalidate_all()


def coverage_of_many(verdict):
    counts = {}
    for count in (100, 1_000):
        with environment(OURS) as env:
            fill(env, count)
            lots = env["stock.lot"].search([("name", "=like", "S-%")])
            requests = env["aftersales.request"].create(
                [{"lot_id": lot.id, "problem": "不能升降"} for lot in lots]
            )
            seconds, queries = measure(env, requests._get_warranty_answers)
            counts[count] = queries
            print(f"coverage of {count} requests: {seconds:.2f} s, {queries} queries")
    extra = counts[1_000] - counts[100]
    verdict.line("coverage, queries that grow with the requests", extra, 0)


def quiet_day(verdict):
    """Nothing is due among many cards."""
    with environment(OURS) as env:
        fill(env, QUIET_CARDS)
        cards = env["aftersales.warranty.card"]
        for name in ("_cron_start_unsigned", "_cron_remind", "_cron_plan_maintenance"):
            seconds, queries = measure(env, getattr(cards, name))
            print(f"{name}, nothing due among {QUIET_CARDS} cards: {seconds:.3f} s")
            verdict.line(f"{name}, queries", queries, 5)


def look_up(verdict):
    """By serial number, phone and code among many: by an index."""
    with environment(OURS) as env:
        fill(env, CARDS)
        cards = env["aftersales.warranty.card"]
        for question in ({"serial": "S-777"}, {"phone": "139 0000 0777"}):
            seconds, _queries = measure(env, lambda q=question: cards.find(**q))
            verdict.line(f"find {question} among {CARDS} cards", seconds, 0.1, " s")
        partners = env["res.partner"].search([("phone", "=", "+86 139 00000777")])
        lots = env["stock.lot"].search([("name", "=", "S-777")])
        for label, domain in (
            ("serial", [("lot_id", "in", lots.ids)]),
            ("phone", [("partner_id", "in", partners.ids)]),
            ("code", [("public_token", "=", "T7")]),
        ):
            show_plan(env, verdict, label, cards._search(domain))
        by_phone = env["res.partner"]._search([("phone_sanitized", "in", ["+8613977"])])
        show_plan(env, verdict, "normalized phone", by_phone)


def show_plan(env, verdict, label, query):
    select = query.select()
    env.cr.execute("EXPLAIN " + select.code, select.params)
    plan = [row[0].strip() for row in env.cr.fetchall()]
    scan = next(row for row in plan if "Scan" in row)
    print(f"plan, {label}: {scan}")
    verdict.line(f"{label}: whole tables read", "Seq Scan" in str(plan), 0)


def main():
    verdict = Verdict()
    cards_of_a_delivery(verdict)
    coverage_of_many(verdict)
    quiet_day(verdict)
    look_up(verdict)
    verdict.end()


if __name__ == "__main__":
    main()
