"""Several planners who want the same technicians at the same times."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

from .clients import PROTOCOLS, Refused

WINDOWS = 5


class Planners:
    """Each planner has a visit of its own in every window, for every technician.

    :param server: a running TestServer
    :param count: number of planners who book at once
    :param technicians: number of technicians that all of them want
    """

    def __init__(self, server, count=8, technicians=2):
        protocols = list(PROTOCOLS.values())
        self.clients = [
            protocols[number % len(protocols)](server, "supervisor")
            for number in range(count)
        ]
        self.admin = PROTOCOLS["json2"](server, "admin")
        self.wanted = technicians * WINDOWS
        self.people = self._create(
            "hr.employee",
            [{"name": f"技师{number}"} for number in range(technicians)],
        )
        partner = self._create("res.partner", [{"name": "第三中学", "city": "上海"}])[0]
        self.jobs = [self._prepare(partner) for _client in self.clients]

    def _create(self, model, vals_list):
        return self.admin.call(model, "create", vals_list=vals_list)

    def _prepare(self, partner):
        """(visit, technician) pairs of one planner, in the order of booking."""
        day = datetime.now(timezone.utc).replace(hour=1, minute=0, second=0)
        day += timedelta(days=60)
        windows = [
            {
                "partner_id": partner,
                "scheduled_start": f"{day + timedelta(days=number):%F %T}",
                "scheduled_stop": f"{day + timedelta(days=number, hours=2):%F %T}",
            }
            for number in range(WINDOWS)
            for _person in self.people
        ]
        visits = self._create("aftersales.visit", windows)
        return list(zip(visits, self.people * WINDOWS, strict=True))

    def book(self):
        """All of them book at once.

        :return: (visits that were promised, texts of the refusals)
        """

        def work(client, jobs):
            return [self._assign(client, *job) for job in jobs]

        with ThreadPoolExecutor(len(self.clients)) as pool:
            answers = sum(pool.map(work, self.clients, self.jobs), [])
        promised = [visit for visit, refusal in answers if not refusal]
        return promised, [refusal for _visit, refusal in answers if refusal]

    def _assign(self, client, visit, person):
        try:
            client.call(
                "aftersales.visit", "action_assign", [visit], employee_ids=[person]
            )
        except Refused as refusal:
            return visit, str(refusal)
        return visit, ""

    def count_booked(self, promised):
        """(bookings in the database, of those that were promised)."""
        domain = [["employee_id", "in", self.people]]
        rows = self.admin.call(
            "aftersales.visit.assignment",
            "search_read",
            domain=domain,
            fields=["visit_id"],
        )
        booked = {row["visit_id"][0] for row in rows}
        return len(rows), len(booked & set(promised))
