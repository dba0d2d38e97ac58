"""Several people who count the same things at once, none of whom has written yet."""

import os
import re
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg2

from dev import database

from .clients import PROTOCOLS, Refused

COUNT = 4
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Rivals:
    """People at one server, held up before they write what they counted on.

    :param server: a running TestServer
    """

    def __init__(self, server):
        self.server = server
        self.admin = PROTOCOLS["json2"](server, "admin")

    def client(self, login):
        return PROTOCOLS["json2"](self.server, login)

    def create(self, model, *vals_list):
        """Ids of new records, made by the administrator."""
        return self.admin.call(model, "create", vals_list=list(vals_list))

    def form(self, page, action, **values):
        """A customer without login who sends a form of a page.

        :return: function without arguments, for ``at_once``
        """
        jar = urllib.request.HTTPCookieProcessor()
        opener = urllib.request.build_opener(jar)
        text = opener.open(self.server.url + page).read().decode()
        token = re.search(r'name="csrf_token"\s+value="([^"]+)"', text).group(1)
        data = urllib.parse.urlencode(values | {"csrf_token": token}).encode()
        return lambda: opener.open(self.server.url + action, data).read().decode()

    @contextmanager
    def held(self, table):
        """Whoever writes a new row into a table waits until the end of the block.

        :return: function that waits until so many transactions wait
        """
        environment = os.environ | database.environment()
        connection = psycopg2.connect(
            dbname=self.server.database,
            **{
                name: environment[f"PG{name.upper()}"]
                for name in ("host", "port", "user")
                if f"PG{name.upper()}" in environment
            },
        )
        with connection, connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
            yield lambda count: self._wait(cursor, count)
        connection.close()

    def _wait(self, cursor, count):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= count:
                return
            time.sleep(0.05)
        raise AssertionError("They don't write at the same time.")

    def at_once(self, table, acts):
        """Let all of them count before anybody writes.

        :param table: where each of them writes a new row
        :param acts: functions without arguments
        :return: (answers, refusals)
        """
        with ThreadPoolExecutor(len(acts)) as pool:
            with self.held(table) as wait:
                futures = [pool.submit(attempt, act) for act in acts]
                wait(len(acts))
            results = [future.result() for future in futures]
        refusals = [result for result in results if isinstance(result, Refused)]
        assert all(refusal.status == 422 for refusal in refusals), refusals
        return [r for r in results if not isinstance(r, Refused)], refusals

    def beside(self, table, act, other):
        """Let one act count, another one happen completely, and the first one write.

        :param table: where the first act writes a new row, and the other doesn't
        :return: what came of the first one
        """
        with ThreadPoolExecutor(1) as pool:
            with self.held(table) as wait:
                future = pool.submit(attempt, act)
                wait(1)
                other()
            return future.result()

    def call_at_once(self, table, login, model, method, ids, **arguments):
        """The same act of several people; see ``at_once``."""
        clients = [self.client(login) for _number in range(COUNT)]
        return self.at_once(
            table,
            [
                lambda client=client: client.call(model, method, ids, **arguments)
                for client in clients
            ],
        )


def attempt(act):
    """The answer of an act, or its refusal."""
    try:
        return act()
    except Refused as refusal:
        return refusal
