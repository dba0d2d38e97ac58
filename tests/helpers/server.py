"""A real server process on a fresh copy of the test database."""

import json
import socket
from pathlib import Path

from dev import database, server
from dev.paths import LOGS


class TestServer:
    """Odoo with the addons, one user for each role, stopped at the end."""

    __test__ = False

    def __init__(self, name="aftersales_e2e"):
        self.database = name
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = LOGS / "end-to-end-server.log"
        self.processes = []
        self.keys = {}

    def __enter__(self):
        database.copy(database.TEST, self.database)
        self.keys = self._create_people()
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop()
        database.drop(self.database)

    def start(self):
        """Start the process and wait until it answers."""
        self.processes = server.start(
            self.database, self.port, log=self.log, max_cron_threads=0
        )
        server.wait_until_up(self.processes[0], self.port, self.log)

    def stop(self):
        """Stop the process politely."""
        server.stop(self.processes)

    def complaints(self):
        """Warnings and errors that our addons logged."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [
            line
            for line in lines
            if database.is_complaint(line) and "odoo.addons.aftersales" in line
        ]

    def _create_people(self):
        script = Path(__file__).with_name("people_script.py").read_text("utf-8")
        values = f"URL = {self.url!r}\n"
        _code, printed = database.shell(self.database, values + script)
        line = next(x for x in printed.splitlines() if x.startswith("KEYS "))
        return json.loads(line.removeprefix("KEYS "))


def free_port():
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
