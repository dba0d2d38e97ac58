"""Confirming orders and validating pickings: with the addons against plain Odoo."""

from harness import OURS, PLAIN, Verdict, compare

from odoo.fields import Command

ORDERS, LINES, SERIALS = 100, 10, 50


def product(env, **vals):
    return env["product.product"].create(
        {
            "name": "升降课桌",
            "default_code": "KZ-120",
            "type": "consu",
            "is_storable": True,
            "list_price": 1280,
            **vals,
        }
    )


def partner(env):
    return env["res.partner"].create(
        {
            "name": "上海市第三中学",
            "phone": "+86 21 6218 0000",
            "street": "南京西路1266号",
            "city": "上海市",
        }
    )


def orders(env, products, count, quantity=1):
    lines = [
        Command.create({"product_id": item.id, "product_uom_qty": quantity})
        for item in products
    ]
    return env["sale.order"].create(
        [{"partner_id": partner(env).id, "order_line": lines} for _ in range(count)]
    )


def confirm(env):
    """100 orders of 10 lines, confirmed in one call."""
    products = [product(env, name=f"课桌 {n}") for n in range(LINES)]
    batch = orders(env, products, ORDERS)
    return batch.action_confirm


def validate(env):
    """One picking with 50 serial numbers."""
    item = product(env, tracking="serial")
    stock = env.ref("stock.warehouse0").lot_stock_id
    lots = env["stock.lot"].create(
        [{"name": f"B-{n:04d}", "product_id": item.id} for n in range(SERIALS)]
    )
    for lot in lots:
        env["stock.quant"]._update_available_quantity(item, stock, 1, lot_id=lot)
    order = orders(env, item, 1, quantity=SERIALS)
    order.action_confirm()
    # else Odoo only asks whether to send a text message
    picking = order.picking_ids.with_context(skip_sms=True)
    picking.move_ids.picked = True
    return picking.button_validate


def main():
    verdict = Verdict()
    for label, prepare, records, extra_queries in (
        ("confirm 100 orders of 10 lines", confirm, ORDERS, 2),
        ("validate a picking of 50 serials", validate, 1, 10),
    ):
        result = compare(prepare)
        (plain_time, plain_queries), (time, queries) = result[PLAIN], result[OURS]
        print(
            f"{label}: plain {plain_time:.2f} s, {plain_queries:.0f} queries;"
            f" ours {time:.2f} s, {queries:.0f} queries"
        )
        verdict.line(f"{label}, time ratio", time / plain_time, 1.15)
        extra = (queries - plain_queries) / records
        verdict.line(f"{label}, extra queries each", extra, extra_queries)
    verdict.end()


main()
