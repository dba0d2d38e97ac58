"""Several people take the same delivered goods back at the same time."""

import pytest

from tests.helpers.clients import PROTOCOLS
from tests.helpers.deliveries import deliver
from tests.helpers.rivals import Rivals

CLIENTS = 6
ROWS = "aftersales.exchange"


@pytest.fixture(scope="module")
def admin(server):
    return PROTOCOLS["json2"](server, "admin")


def exchange_at_once(server, order, line):
    """Every client exchanges the same goods; return the answers and refusals."""
    clients = [PROTOCOLS["json2"](server, "admin") for _ in range(CLIENTS)]
    return Rivals(server).at_once(
        "aftersales_exchange",
        [
            lambda client=client: client.call(
                "sale.order", "action_exchange", [order], reason="掉漆", lines=[line]
            )
            for client in clients
        ],
    )


def test_no_more_comes_back_than_was_delivered(server, admin):
    """R-X02: six times three of ten chairs: three get through, none is half done."""
    order, product, _lot = deliver(admin, "同时退换的椅子", 10)
    line = {"product_id": product, "quantity": 3}
    granted, refused = exchange_at_once(server, order, line)
    assert (len(granted), len(refused)) == (3, CLIENTS - 3), refused
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
    rows = admin.call(ROWS, "search_count", domain=[("order_id", "=", order)])
    assert rows == 1
