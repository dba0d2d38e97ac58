"""Several people take the same delivered goods back at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.helpers.clients import PROTOCOLS, Refused

CLIENTS = 6
ROWS = "aftersales.exchange"


@pytest.fixture(scope="module")
def admin(server):
    return PROTOCOLS["json2"](server, "admin")


def deliver(admin, name, quantity, serial=None):
    """An order of a new product, delivered; return (order, product, lot) ids."""
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
    customer = {
        "name": "张老师",
        "phone": "13812345678",
        "street": "南京西路1266号",
        "city": "上海市",
    }
    partner = admin.call("res.partner", "create", vals_list=[customer])[0]
    line = {"product_id": product, "product_uom_qty": quantity}
    order = admin.call(
        "sale.order",
        "create",
        vals_list=[{"partner_id": partner, "order_line": [[0, 0, line]]}],
    )
    admin.call("sale.order", "action_confirm", order)
    picking = admin.call("stock.picking", "search", domain=[("sale_id", "in", order)])
    admin.call("stock.picking", "action_assign", picking)
    context = {"skip_sms": True}  # no question about text messages
    admin.call("stock.picking", "button_validate", picking, context=context)
    state = admin.call("stock.picking", "read", picking, fields=["state"])
    assert [p["state"] for p in state] == ["done"], state
    return order[0], product, lot


def exchange_at_once(server, order, line):
    """Every client exchanges the same goods; return the answers and refusals."""
    clients = [PROTOCOLS["json2"](server, "admin") for _ in range(CLIENTS)]

    def exchange(client):
        try:
            return client.call(
                "sale.order", "action_exchange", [order], reason="掉漆", lines=[line]
            )
        except Refused as refusal:
            return refusal

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(exchange, clients))
    granted = [answer for answer in answers if isinstance(answer, dict)]
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    return granted, refused


def test_no_more_comes_back_than_was_delivered(server, admin):
    """R-X02: six times three of ten chairs: three get through, none is half done."""
    order, product, _lot = deliver(admin, "同时退换的椅子", 10)
    line = {"product_id": product, "quantity": 3}
    granted, refused = exchange_at_once(server, order, line)
    assert len(granted) + len(refused) == CLIENTS
    assert 1 <= len(granted) <= 3, refused
    rows = admin.call(
        ROWS, "search_read", domain=[("order_id", "=", order)], fields=["quantity"]
    )
    assert [row["quantity"] for row in rows] == [3] * len(granted)
    moves = admin.call(
        "stock.move",
        "search_count",
        domain=[("aftersales_exchange_id.order_id", "=", order)],
    )
    assert moves == 2 * len(granted)
    requests = admin.call(
        "aftersales.request", "search_count", domain=[("order_id", "=", order)]
    )
    assert requests == len(granted)


def test_one_unit_comes_back_once(server, admin):
    """R-X02: six clients exchange the same unit: one does, five are refused."""
    order, product, lot = deliver(admin, "同时退换的讲台", 1, serial="PX-1")
    line = {"product_id": product, "lot_id": lot}
    granted, refused = exchange_at_once(server, order, line)
    assert (len(granted), len(refused)) == (1, CLIENTS - 1), refused
    assert all(refusal.status in (409, 422) for refusal in refused)
    rows = admin.call(ROWS, "search_count", domain=[("order_id", "=", order)])
    assert rows == 1
