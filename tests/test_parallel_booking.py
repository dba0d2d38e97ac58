"""Planners who book the same technicians, customers who choose the same time."""

import pytest

from tests.helpers.planners import Planners
from tests.helpers.rivals import Rivals

CUSTOMERS, TECHNICIANS = 6, 3
VISIT = "aftersales.visit"


@pytest.fixture(scope="module")
def rivals(server):
    """A company with three technicians."""
    rivals = Rivals(server)
    admin = rivals.admin
    (group,) = admin.call(
        "ir.model.data",
        "search_read",
        domain=[("name", "=", "group_aftersales_technician")],
        fields=["res_id"],
    )
    domain = [("user_id.group_ids", "in", [group["res_id"]])]
    known = admin.call("hr.employee", "search_count", domain=domain)
    for number in range(known, TECHNICIANS):
        vals = {"name": f"技师{number}", "login": f"technician-{number}"}
        vals["group_ids"] = [[6, 0, [group["res_id"]]]]
        (user,) = rivals.create("res.users", vals)
        rivals.create("hr.employee", {"name": vals["name"], "user_id": user})
    # Others choose a zone in which it is day now; there the calendar's hours, which
    # are UTC, may all be rest hours.
    companies = admin.call("res.company", "search", domain=[])
    (before,) = admin.call("res.company", "read", companies, fields=["aftersales_tz"])
    vals = {"aftersales_tz": "Asia/Shanghai"}
    admin.call("res.company", "write", companies, vals=vals)
    yield rivals
    vals = {"aftersales_tz": before["aftersales_tz"]}
    admin.call("res.company", "write", companies, vals=vals)


def invite(rivals, number):
    """(visit without a time, path of its link) of a new customer."""
    vals = {"name": f"顾客{number}", "email": f"customer{number}@example.cn"}
    (partner,) = rivals.create("res.partner", vals | {"city": "上海市"})
    (visit,) = rivals.create(VISIT, {"partner_id": partner, "kind": "repair"})
    facts = rivals.admin.call(VISIT, "action_send_appointment", [visit])
    return visit, "/my/visits/" + facts["url"].rpartition("/my/visits/")[2]


def chooser(rivals, visit, page, start):
    path, _mark, query = page.partition("?")
    return rivals.form(page, f"{path}/choose?{query}", start=start)


def chosen(rivals, visits, start):
    """Number of these visits that were promised a time."""
    domain = [("id", "in", visits), ("scheduled_start", "=", start)]
    return rivals.admin.call(VISIT, "search_count", domain=domain)


def test_a_window_is_taken_by_as_many_as_can_come(rivals):
    """R-D01 R-H06: six customers choose one time of three technicians at once."""
    links = [invite(rivals, number) for number in range(CUSTOMERS)]
    visits = [visit for visit, _page in links]
    start = rivals.admin.call(VISIT, "get_free_windows", visits[:1])[-1]["start"]
    acts = [chooser(rivals, *link, start) for link in links]
    rivals.at_once("aftersales_visit_reschedule", acts)
    assert chosen(rivals, visits, start) == TECHNICIANS


def test_a_planner_was_faster_than_the_customer(rivals):
    """R-D01 R-D06: the last technicians are sent elsewhere while a customer chooses."""
    visit, page = invite(rivals, "X")
    window = rivals.admin.call(VISIT, "get_free_windows", [visit])[0]
    people = rivals.admin.call(
        "hr.employee", "search", domain=[("user_id.login", "like", "technician%")]
    )
    (partner,) = rivals.create("res.partner", {"name": "第三中学", "city": "上海市"})
    times = {f"scheduled_{name}": moment for name, moment in window.items()}
    (other,) = rivals.create(VISIT, {"partner_id": partner, **times})
    free = rivals.admin.call(VISIT, "get_free_windows", [visit])
    assert window in free, "one visit leaves two of three technicians"
    act = chooser(rivals, visit, page, window["start"])
    rivals.beside(
        "aftersales_visit_reschedule",
        act,
        lambda: rivals.client("supervisor").call(
            VISIT, "action_assign", [other], employee_ids=people
        ),
    )
    assert chosen(rivals, [visit], window["start"]) == 0


def test_nobody_is_booked_twice_and_nothing_is_lost(server):
    """R-D06: one planner gets each technician and time; the others are told why."""
    planners = Planners(server)
    promised, refusals = planners.book()
    assert len(promised) == planners.wanted
    assert planners.count_booked(promised) == (planners.wanted, planners.wanted)
    assert all("技师" in text or "echnician" in text for text in refusals), refusals
