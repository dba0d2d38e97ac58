"""Several people reach for the last part at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.helpers.clients import PROTOCOLS, Refused

CLIENTS = 6
LINE = "aftersales.part.line"


@pytest.fixture(scope="module")
def supply(server):
    """Requests whose parts are approved, and a store with a single piece."""
    admin = PROTOCOLS["json2"](server, "admin")
    category = admin.call(
        "product.category", "search", domain=[("aftersales_store", "=", "spare")]
    )[0]
    product = admin.call(
        "product.product",
        "create",
        vals_list=[{"name": "最后一个镜头", "is_storable": True, "categ_id": category}],
    )[0]
    store = admin.call(
        "stock.location", "search", domain=[("aftersales_store", "=", "spare")]
    )[0]
    quant = admin.call(
        "stock.quant",
        "create",
        vals_list=[
            {"product_id": product, "location_id": store, "inventory_quantity": 1}
        ],
    )
    admin.call("stock.quant", "action_apply_inventory", quant)
    return admin, product


def ask(admin, product, name):
    request = admin.call(
        "aftersales.request",
        "register",
        vals={
            "client_ref": f"parts-{name}",
            "contact_name": "张老师",
            "phone": "13812345678",
            "address": "南京西路1266号",
            "problem": "镜头模糊",
            "type": "inquiry",
        },
    )
    line = admin.call(
        LINE, "create", vals_list=[{"request_id": request, "product_id": product}]
    )[0]
    admin.call(LINE, "action_approve", [line])
    return line


def test_the_last_piece_is_reserved_once(server, supply):
    """R-P06: one of six gets it, the others see the shortage; the stock agrees."""
    admin, product = supply
    lines = [ask(admin, product, number) for number in range(CLIENTS)]
    clients = [PROTOCOLS["json2"](server, "admin") for _ in lines]
    with ThreadPoolExecutor(CLIENTS) as pool:
        facts = list(
            pool.map(
                lambda client, line: client.call(LINE, "action_reserve", [line]),
                clients,
                lines,
            )
        )
    assert sorted(fact["reserved_qty"] for fact in facts) == [0] * (CLIENTS - 1) + [1]
    quant = admin.call(
        "stock.quant",
        "search_read",
        domain=[("product_id", "=", product), ("location_id.usage", "=", "internal")],
        fields=["quantity", "reserved_quantity"],
    )
    assert [(q["quantity"], q["reserved_quantity"]) for q in quant] == [(1, 1)]


def test_one_line_at_once(server, supply):
    """R-P03: six clients reserve and issue the same line: one transfer, one part."""
    admin, product = supply
    line = admin.call(
        LINE,
        "search",
        domain=[("product_id", "=", product), ("state", "=", "reserved")],
    )
    clients = [PROTOCOLS["json2"](server, "admin") for _ in range(CLIENTS)]

    def issue(client):
        try:
            return client.call(LINE, "action_issue", line)["state"]
        except Refused as error:
            return str(error)

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(issue, clients))
    assert "issued" in answers
    moves = admin.call(
        "stock.move",
        "search_read",
        domain=[("aftersales_part_line_id", "in", line)],
        fields=["aftersales_part_act", "state", "quantity"],
    )
    done = [m for m in moves if m["aftersales_part_act"] == "issue"]
    assert [(m["state"], m["quantity"]) for m in done] == [("done", 1)]
    assert len([m for m in moves if m["aftersales_part_act"] == "use"]) == 1
