"""Acts and the scheduler meet on one promise: both succeed."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from dev import postgres
from tests.helpers.clients import PROTOCOLS

MODEL = "aftersales.request"
CLIENTS, REQUESTS = 3, 15
LIMIT = 180  # seconds in which a fault is answered
FIGURES = """
SELECT c.recorded_state, count(DISTINCT c.id), count(e.id),
       bool_and(c.stopped_at IS NOT NULL)
  FROM aftersales_sla_clock c LEFT JOIN aftersales_sla_escalation e
    ON e.clock_id = c.id AND e.level = 100
 WHERE c.res_model = 'aftersales.request' AND c.code = '{code}' AND c.res_id IN ({ids})
 GROUP BY 1 ORDER BY 1
"""


@pytest.fixture
def overdue(server):
    """Faults whose answer is overdue by a second and of which nobody was told."""
    admin, agent = (PROTOCOLS["json2"](server, name) for name in ("admin", "agent"))
    product = admin.call("product.product", "create", vals_list=[{"name": "课桌"}])[0]
    reported = datetime.now(UTC) - timedelta(seconds=LIMIT - 20)
    ids = [
        agent.call(
            MODEL,
            "register",
            vals={
                "contact_name": "张老师",
                "phone": f"138{reported:%H%M%S}{number:02}",
                "address": "南京西路1266号",
                "product_id": product,
                "problem": "不能升降",
                "reported_at": f"{reported:%Y-%m-%d %H:%M:%S}",
            },
        )
        for number in range(REQUESTS)
    ]
    left = reported + timedelta(seconds=LIMIT + 2) - datetime.now(UTC)
    time.sleep(max(left.total_seconds(), 0))
    return ids


def meet(server, ids, act):
    """Run the scheduler and an act on each of the requests at the same time."""
    admin = PROTOCOLS["json2"](server, "admin")
    domain = [("code", "=", "model._cron_enforce_clocks()")]
    job = admin.call("ir.cron", "search", domain=domain)

    def work(number):
        if not number:
            return admin.call("ir.cron", "method_direct_trigger", job)
        client = PROTOCOLS["json2"](server, "agent")
        return [act(client, request) for request in ids[number - 1 :: CLIENTS]]

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        list(pool.map(work, range(CLIENTS + 1)))


def figures(server, code, ids):
    """(state, promises, breaches told, all stopped) of the requests' promises."""
    query = FIGURES.format(code=code, ids=",".join(map(str, ids)))
    rows = postgres.psql(query, server.database).splitlines()
    return [tuple(row.split("|")) for row in rows]


def test_answer_meets_the_scheduler(server, overdue):
    """R-S03 R-S15: each answer is recorded, each breach is told once."""

    def reply(client, request):
        client.call(MODEL, "action_reply", [request], note="已电话答复")

    meet(server, overdue, reply)
    count = str(REQUESTS)
    assert figures(server, "reply", overdue) == [("breached", count, count, "t")]


def test_reclassifying_meets_the_scheduler(server, overdue):
    """R-S08 R-S15: emergency on and off, other kind and back, while it breaks."""

    def change(client, request):
        for vals in (
            {"emergency": True},
            {"type": "complaint"},
            {"type": "fault", "emergency": False},
        ):
            client.call(MODEL, "write", [request], vals=vals)

    meet(server, overdue, change)
    count = str(REQUESTS)
    broken = [row for row in figures(server, "reply", overdue) if row[0] == "breached"]
    assert broken == [("breached", count, count, "f")]
