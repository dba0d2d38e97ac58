"""Eight programs send the same reports at the same time."""

from concurrent.futures import ThreadPoolExecutor

from tests.helpers.clients import PROTOCOLS

CLIENTS, REPORTS = 8, 10


def test_nothing_is_lost_or_doubled(server):
    """R-S01: each report is registered once, and everybody gets its id."""
    protocols = list(PROTOCOLS.values())

    def send(number):
        client = protocols[number % len(protocols)](server, "agent")
        return [
            client.call(
                "aftersales.request",
                "register",
                vals={
                    "client_ref": f"parallel-{report}",
                    "type": "inquiry",
                    "contact_name": "张老师",
                    "phone": "13812345678",
                    "address": "南京西路1266号",
                    "problem": "何时送货？",
                },
            )
            for report in range(REPORTS)
        ]

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(send, range(CLIENTS)))
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0])) == REPORTS
    stored = PROTOCOLS["json2"](server, "agent").call(
        "aftersales.request",
        "search_count",
        domain=[["client_ref", "=like", "parallel-%"]],
    )
    assert stored == REPORTS
