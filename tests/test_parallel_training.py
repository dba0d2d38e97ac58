"""Two programs register the customer's people at the same time."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.helpers.clients import PROTOCOLS, Refused
from tests.helpers.rivals import Rivals

PROMISED, CLIENTS = 3, 4


def plan_of(server):
    """A contract that promises to train three people, commissioned.

    :return: id of its training plan
    """
    agent, admin = (PROTOCOLS["json2"](server, who) for who in ("agent", "admin"))
    (product,) = admin.call(
        "product.product",
        "create",
        vals_list=[{"name": "升降讲台", "aftersales_training": True}],
    )
    (customer,) = admin.call("res.partner", "create", vals_list=[{"name": "第三中学"}])
    (order,) = admin.call(
        "sale.order",
        "create",
        vals_list=[
            {
                "partner_id": customer,
                "training_headcount": PROMISED,
                "order_line": [[0, 0, {"product_id": product}]],
            }
        ],
    )
    admin.call("sale.order", "action_confirm", ids=[order])
    domain = [["order_id", "=", order]]
    (plan,) = agent.call("aftersales.training.plan", "search", domain=domain)
    agent.call("aftersales.training.plan", "action_commissioned", ids=[plan])
    return plan


def test_never_more_people_than_promised(server):
    """R-T01: each client brings two other people; only three find a place."""
    plan = plan_of(server)
    protocols = list(PROTOCOLS.values())

    def register(number):
        client = protocols[number % len(protocols)](server, "agent")
        refused = 0
        for person in range(2):
            row = {
                "name": f"学员{number}{person}",
                "phone": f"1390000{number}{person:03d}",
            }
            try:
                client.call(
                    "aftersales.training.plan", "import_attendees", [plan], rows=[row]
                )
            except Refused:
                refused += 1
        return refused

    with ThreadPoolExecutor(CLIENTS) as pool:
        refused = sum(pool.map(register, range(CLIENTS)))
    assert refused == CLIENTS * 2 - PROMISED
    record = PROTOCOLS["json2"](server, "agent").call(
        "aftersales.training.plan", "get_training_record", [plan]
    )
    assert len(record["people"]) == PROMISED


def test_the_same_list_twice(server):
    """R-T01: two clients send one list, a retry included; nobody is doubled."""
    plan = plan_of(server)
    rows = [{"name": f"学员{n}", "phone": f"139 1111 000{n}"} for n in range(PROMISED)]

    def register(number):
        client = list(PROTOCOLS.values())[number % 2](server, "agent")
        return client.call(
            "aftersales.training.plan", "import_attendees", [plan], rows=rows
        )

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(register, range(CLIENTS)))
    assert sum(answer["created"] for answer in answers) == PROMISED
    record = PROTOCOLS["json2"](server, "agent").call(
        "aftersales.training.plan", "get_training_record", [plan]
    )
    assert len(record["people"]) == PROMISED


def test_no_more_people_than_seats(server):
    """R-T01: five people for the three seats of a session that doesn't count."""
    rivals = Rivals(server)
    plan = plan_of(server)
    domain = [("aftersales_plan_id", "=", plan), ("aftersales_counts", "=", False)]
    sessions = rivals.admin.call(
        "event.event", "search_read", domain=domain, fields=["seats_max"], limit=1
    )
    assert [session["seats_max"] for session in sessions] == [PROMISED]

    def register(number):
        vals = {"name": f"观摩学员{number}", "event_id": sessions[0]["id"]}
        return rivals.create("event.registration", vals)

    acts = [partial(register, number) for number in range(PROMISED + 2)]
    seated, refused = rivals.at_once("event_registration", acts)
    assert (len(seated), len(refused)) == (PROMISED, 2)


def test_all_count_before_anybody_registers(server):
    """R-T01: five clients bring one person each to a plan for three."""
    rivals = Rivals(server)
    plan = plan_of(server)

    def register(number):
        return rivals.client("agent").call(
            "aftersales.training.plan",
            "import_attendees",
            [plan],
            rows=[{"name": f"学员{number}", "phone": f"1370000{number:04d}"}],
        )

    acts = [partial(register, number) for number in range(PROMISED + 2)]
    registered, refused = rivals.at_once("event_registration", acts)
    assert (len(registered), len(refused)) == (PROMISED, 2)
