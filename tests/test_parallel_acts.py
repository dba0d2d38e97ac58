"""Several agents act on one request at the same time."""

from concurrent.futures import ThreadPoolExecutor

from tests.helpers.clients import PROTOCOLS, Refused

CLIENTS = 6
MODEL = "aftersales.request"


def together(server, method, request, **arguments):
    """What each of the clients got: the answer, or None where it was refused."""
    protocols = list(PROTOCOLS.values())

    def act(number):
        client = protocols[number % len(protocols)](server, "agent")
        try:
            return client.call(MODEL, method, [request], **arguments)
        except Refused:
            return None

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(act, range(CLIENTS)))


def test_each_act_is_done_once(server):
    """R-S05 R-S13: one answers, one sends, one takes it along; the others are told."""
    agent = PROTOCOLS["json2"](server, "agent")
    admin = PROTOCOLS["json2"](server, "admin")
    product = admin.call(
        "product.product", "create", vals_list=[{"name": "课桌", "is_storable": True}]
    )[0]
    request = agent.call(
        MODEL,
        "register",
        vals={
            "client_ref": "acts-in-parallel",
            "contact_name": "张老师",
            "phone": "13812345678",
            "address": "南京西路1266号",
            "product_id": product,
            "problem": "不能升降",
        },
    )
    employee = admin.call("hr.employee", "search", domain=[], limit=1)
    for method, arguments in (
        ("action_reply", {"note": "已电话指导"}),
        ("action_dispatch", {"employee_ids": employee}),
        ("action_arrive", {}),
        ("action_take_back", {"vals": {"reason": "需返厂"}}),
        ("action_restore", {"cause": "主板", "measures": "更换主板"}),
    ):
        answers = together(server, method, request, **arguments)
        done = [answer for answer in answers if answer]
        assert len(done) == 1, f"{method}: done {len(done)} times"
    found = admin.call(MODEL, "read", [request], fields=["visit_ids", "repair_ids"])[0]
    assert len(found["visit_ids"]) == len(found["repair_ids"]) == 1
