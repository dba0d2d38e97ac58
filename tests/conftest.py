"""What the end-to-end tests share: a server, clients of both protocols, downloads."""

import sys
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dev import browser  # noqa: E402
from tests.helpers.clients import PROTOCOLS  # noqa: E402
from tests.helpers.server import TestServer  # noqa: E402


@pytest.fixture(scope="session")
def server():
    """A real Odoo process with the addons, shared by all tests of the session."""
    with TestServer() as running:
        yield running


@pytest.fixture(scope="session")
def connect(server):
    """``connect(protocol, login)`` → client with ``call(model, method, ids, …)``."""

    @cache
    def client(protocol, login):
        return PROTOCOLS[protocol](server, login)

    return client


@pytest.fixture(scope="session")
def download(server):
    """``download(path, login)`` → bytes that a logged-in person gets."""

    @cache
    def opener(login):
        return browser.session(server.url, login)[0]

    def get(path, login):
        with opener(login).open(server.url + path) as answer:
            return answer.read()

    return get
