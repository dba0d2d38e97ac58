"""Against running servers: escalation after a deadline, and taking reports in."""

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness import Verdict  # noqa: E402

from dev import database, postgres, server  # noqa: E402
from dev.paths import LOGS  # noqa: E402
from tests.helpers.clients import XmlRpc  # noqa: E402
from tests.helpers.server import TestServer, free_port  # noqa: E402

PRECISE, PLAIN = "aftersales_bench_precise", "aftersales_bench_late"
PREPARE = """
env["aftersales.sla.policy"].search([]).active = False
env["aftersales.request"].create({"problem": "不能启动", "type": "inquiry"})
env.cr.commit()
"""
DEADLINE = """
INSERT INTO aftersales_sla_clock
    (res_model, res_id, res_name, company_id, code, start_event, stop_event,
     consequence, started_at, deadline, recorded_state, escalated_level,
     limit_seconds, warn_at, next_check_at)
SELECT 'aftersales.request', id, name, company_id, 'bench-{number}', 'a', 'b', 'none',
       at - interval '1 hour', at, 'running', 0, 3600, '', at + interval '1 second'
  FROM aftersales_request, (SELECT to_timestamp({at}) AT TIME ZONE 'utc' AS at) t
 LIMIT 1
"""
TOLD = """
SELECT code, extract(epoch FROM deadline) FROM aftersales_sla_clock c
  JOIN aftersales_sla_escalation e ON e.clock_id = c.id WHERE e.told_at IS NOT NULL
"""
ORDERS, CLIENTS = 40, 8


def escalate(name, count, over, wait, **options):
    """Seconds from each deadline until somebody was told.

    :param count: number of deadlines, at random seconds of ``over`` seconds
    :param wait: seconds to wait for the last one
    """
    database.copy(database.TEST, name)
    database.shell(name, PREPARE)
    log = LOGS / f"{name}.log"
    port = free_port()
    processes = server.start(name, port, log=log, gevent_port=free_port(), **options)
    try:
        server.wait_until_up(processes[0], port, log)
        time.sleep(5)
        begin = int(time.time()) + 3
        moments = [begin + random.randrange(over) for _number in range(count)]
        for number, at in enumerate(moments):
            postgres.psql(DEADLINE.format(number=number, at=at), name)
        return watch(name, count, begin + over + wait)
    finally:
        server.stop(processes)
        database.drop(name)


def watch(name, count, until):
    """See in the database when people have been told; None for who never was."""
    seen = {}
    while len(seen) < count and time.time() < until:
        now = time.time()
        for line in postgres.psql(TOLD, name).splitlines():
            code, deadline = line.split("|")
            seen.setdefault(code, now - float(deadline))
        time.sleep(0.1)
    return sorted(seen.values()), count - len(seen)


def precision(verdict):
    for label, name, options, most in (
        ("with the clock process", PRECISE, {}, 2),
        ("without it", PLAIN, {"clock": False}, 75),
    ):
        late, lost = escalate(name, 50, 60, 90, **options)
        p95 = quantiles(late, n=20)[-1]
        print(
            f"50 deadlines {label}: median {median(late):.2f} s, worst {late[-1]:.2f}"
        )
        verdict.line(f"{label}, p95 from the deadline", p95, most, " s")
        verdict.line(f"{label}, lost", lost, 0)


def rate(call, count, clients):
    """Calls a second, made by several clients at the same time."""

    def work(position):
        jobs = range(position, count, len(clients))
        return [call(clients[position], number) for number in jobs]

    start = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        results = list(pool.map(work, range(len(clients))))
    return count / (time.perf_counter() - start), sum(results, [])


def customer_and_product(client):
    """Ids of what both calls are about."""
    vals = {"name": "上海市第三中学", "phone": "021 6218 0000", "city": "上海市"}
    partners = client.call("res.partner", "create", vals_list=[vals])
    products = client.call("product.product", "create", vals_list=[{"name": "课桌"}])
    return partners[0], products[0]


def get_calls(client):
    """The two calls that are compared: an order of one line, a report of a fault.

    :return: two functions of a client and a number
    """
    partner, product = customer_and_product(client)

    def order(client, _number):
        line = [0, 0, {"product_id": product, "product_uom_qty": 1}]
        vals = {"partner_id": partner, "order_line": [line]}
        return client.call("sale.order", "create", vals_list=[vals])[0]

    def register(client, number):
        vals = {
            "client_ref": f"call-{number}",
            "partner_id": partner,
            "product_id": product,
            "problem": "不能升降",
        }
        return client.call("aftersales.request", "register", vals=vals)

    return order, register


def intake(verdict):
    with TestServer("aftersales_bench_intake") as running:
        agents = [XmlRpc(running, "admin") for _number in range(CLIENTS)]
        order, register = get_calls(agents[0])
        for call in (order, lambda c, n: register(c, n + 100_000)):
            rate(call, 4, agents[:1])  # warms the server
        orders, _ids = rate(order, ORDERS, agents[:1])
        alone, _ids = rate(lambda c, n: register(c, n + 200_000), ORDERS, agents[:1])
        print(f"one client: {orders:.1f} orders/s, {alone:.1f} reports/s")
        verdict.line("time of a report against an order", orders / alone, 1)
        twice = lambda c, n: register(c, n // 2)  # noqa: E731
        reports, ids = rate(twice, ORDERS * 4, agents)
        print(f"{CLIENTS} clients: {reports:.1f} reports/s, each sent twice")
        verdict.line("lost or doubled", abs(len(set(ids)) - ORDERS * 2), 0)
        references = [f"call-{number}" for number in range(ORDERS * 2)]
        stored = agents[0].call(
            "aftersales.request",
            "search_count",
            domain=[["client_ref", "in", references]],
        )
        verdict.line("stored, not answered", abs(stored - ORDERS * 2), 0)


def main():
    verdict = Verdict()
    intake(verdict)
    precision(verdict)
    verdict.end()


main()
