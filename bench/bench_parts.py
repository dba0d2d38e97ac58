"""Parts: reserving them, and what the gates for gifts cost everybody else."""

from harness import OURS, PLAIN, Verdict, compare, environment, measure

LINES = 100
ROUNDS = 5


def create_part(env, category=None):
    product = env["product.product"].create(
        {"name": "镜头模组", "is_storable": True, "standard_price": 260}
    )
    if category:
        product.categ_id = category
    return product


def prepare_plain(env):
    """As many plain moves in one transfer: the floor of a reservation."""
    product = create_part(env)
    warehouse = env["stock.warehouse"].search([], limit=1)
    source, target = warehouse.lot_stock_id, env.ref("stock.stock_location_customers")
    env["stock.quant"]._update_available_quantity(product, source, LINES)

    def reserve():
        places = {"location_id": source.id, "location_dest_id": target.id}
        kind = warehouse.out_type_id
        picking = env["stock.picking"].create({"picking_type_id": kind.id, **places})
        move = {
            "product_id": product.id,
            "product_uom_qty": 1,
            "picking_id": picking.id,
            **places,
        }
        moves = env["stock.move"].create([dict(move) for _ in range(LINES)])
        moves._action_confirm(merge=False)._action_assign()

    return reserve


def prepare_parts(env):
    """The same number of approved part lines."""
    product = create_part(env, env.ref("aftersales_service.product_category_spare"))
    warehouse = env["stock.warehouse"].search([], limit=1)
    store = warehouse.aftersales_spare_loc_id
    env["stock.quant"]._update_available_quantity(product, store, LINES)
    partner = env["res.partner"].create({"name": "上海市第三中学"})
    request = env["aftersales.request"].create(
        {"partner_id": partner.id, "product_id": product.id, "problem": "镜头模糊"}
    )
    lines = env["aftersales.part.line"].create(
        [{"request_id": request.id, "product_id": product.id}] * LINES
    )
    lines.action_approve()
    return lines.action_reserve


def prepare_validation(env):
    """A plain picking of many lines, reserved; nothing of it is a part or gift."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    prepare_plain(env)()
    picking = env["stock.picking"].search(
        [("picking_type_id", "=", warehouse.out_type_id.id)], order="id desc", limit=1
    )
    return lambda: picking.with_context(skip_sms=True).button_validate()


def fastest(database, prepare):
    samples = []
    for turn in range(ROUNDS + 1):
        with environment(database) as env:
            sample = measure(env, prepare(env))
        if turn:  # the first one warms the registry
            samples.append(sample)
    return min(samples)


def main():
    verdict = Verdict()
    plain = fastest(OURS, prepare_plain)
    parts = fastest(OURS, prepare_parts)
    print(f"plain moves: {plain[0] * 1000:.0f} ms, {plain[1]} queries")
    print(f"part lines:  {parts[0] * 1000:.0f} ms, {parts[1]} queries")
    verdict.line(
        f"reserving {LINES} parts against moves", parts[0] / plain[0], 1.6, "x"
    )
    verdict.line("queries more in all", parts[1] - plain[1], 30)
    found = compare(prepare_validation, ROUNDS)
    more = found[OURS][1] - found[PLAIN][1]
    ratio = found[OURS][0] / found[PLAIN][0]
    print(f"validating {LINES} plain moves: {found}")
    verdict.line("queries more when validating a transfer", more, 10)
    verdict.line("time when validating a transfer", ratio, 1.15, "x")
    verdict.end()


if __name__ == "__main__":
    main()
