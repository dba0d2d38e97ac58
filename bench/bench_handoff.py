"""The daily hand-off: queries must not grow with the orders of the day."""

from datetime import timedelta

from harness import OURS, Verdict, environment, measure

from odoo import fields
from odoo.fields import Command

FEW, MANY = 200, 2_000
CHUNK = 100
INCOMPLETE = 5  # every fifth order lacks something


def day(env, count):
    """The orders of two days ago, confirmed, none of them in stock."""
    guide = env.ref("base.user_admin")
    partner = env["res.partner"].create(
        {
            "name": "上海市第三中学",
            "phone": "+86 21 6218 0000",
            "street": "南京西路1266号",
            "city": "上海市",
        }
    )
    desk = env["product.product"].create(
        {
            "name": "升降课桌",
            "default_code": "KZ-120",
            "type": "consu",
            "is_storable": True,
            "list_price": 1280,
        }
    )
    vals = {
        "partner_id": partner.id,
        "user_id": guide.id,
        "no_special_requests": True,
        "order_line": [Command.create({"product_id": desk.id})],
    }
    promised = fields.Datetime.now() + timedelta(days=30)
    orders = env["sale.order"].create(
        [
            vals | ({} if n % INCOMPLETE == 0 else {"commitment_date": promised})
            for n in range(count)
        ]
    )
    for start in range(0, count, CHUNK):  # over the day, not all at once
        orders[start : start + CHUNK].action_confirm()
        env.flush_all()
        env.cr.execute("ANALYZE")  # no statistics arise within a transaction
    orders.confirmed_at = fields.Datetime.now() - timedelta(days=2)
    env.company.aftersales_clerk_id = guide


def hand_over(count):
    """(seconds, queries) of the batch of ``count`` orders and of its page."""
    with environment(OURS) as env:
        day(env, count)
        batches = env["aftersales.handoff.batch"]
        cutoff = env.company._aftersales_last_cutoff(fields.Datetime.now())
        made = measure(env, lambda: batches._create_batch(env.company, cutoff))
        batch = batches.search([], limit=1)
        page = {"aftersales_stock": {}, "product_id": {}, "order_id": {}}
        read = measure(env, lambda: batch.web_read({"line_ids": {"fields": page}}))
        print(
            f"{count} orders: {len(batch.order_ids)} handed over,"
            f" {len(batch.returned_order_ids)} returned, {len(batch.line_ids)} lines"
        )
        return made, read


def main():
    verdict = Verdict()
    few, many = hand_over(FEW), hand_over(MANY)
    for label, small, large in zip(("batch", "stock list"), few, many, strict=True):
        print(
            f"{label} of {FEW}: {small[0]:.2f} s, {small[1]} queries;"
            f" of {MANY}: {large[0]:.2f} s, {large[1]} queries"
        )
        verdict.line(
            f"{label}, more queries for one more order",
            (large[1] - small[1]) / (MANY - FEW),
            0.1,
        )
    verdict.end()


main()
