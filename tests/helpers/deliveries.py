"""An order of goods that were delivered."""


def deliver(admin, name, quantity, serial=None):
    """An order of a new product, delivered.

    :param admin: client of the administrator
    :return: (order, product, lot) ids
    """
    vals = {"name": name, "is_storable": True, "tracking": "none"}
    vals |= {"tracking": "serial"} if serial else {}
    product = admin.call("product.product", "create", vals_list=[vals])[0]
    lot = False
    if serial:
        vals = {"name": serial, "product_id": product}
        lot = admin.call("stock.lot", "create", vals_list=[vals])[0]
    store = admin.call(
        "stock.warehouse",
        "search_read",
        domain=[],
        fields=["lot_stock_id"],
        limit=1,
    )[0]["lot_stock_id"][0]
    vals = {"product_id": product, "location_id": store, "lot_id": lot}
    quant = admin.call(
        "stock.quant", "create", vals_list=[vals | {"inventory_quantity": quantity}]
    )
    admin.call("stock.quant", "action_apply_inventory", quant)
    order = sell(admin, product, quantity)
    picking = admin.call("stock.picking", "search", domain=[("sale_id", "=", order)])
    admin.call("stock.picking", "action_assign", picking)
    context = {"skip_sms": True}  # no question about text messages
    admin.call("stock.picking", "button_validate", picking, context=context)
    state = admin.call("stock.picking", "read", picking, fields=["state"])
    assert [p["state"] for p in state] == ["done"], state
    return order, product, lot


def sell(admin, product, quantity, **vals):
    """Id of a confirmed order of a new customer."""
    customer = {
        "name": "张老师",
        "phone": "13812345678",
        "street": "南京西路1266号",
        "city": "上海市",
    }
    partner = admin.call("res.partner", "create", vals_list=[customer])[0]
    line = {"product_id": product, "product_uom_qty": quantity}
    vals |= {"partner_id": partner, "order_line": [[0, 0, line]]}
    order = admin.call("sale.order", "create", vals_list=[vals])
    admin.call("sale.order", "action_confirm", order)
    return order[0]
