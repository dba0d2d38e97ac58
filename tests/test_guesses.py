"""Wrong links are counted although each of them ends in a page that isn't there."""

import urllib.error
import urllib.request
from contextlib import contextmanager

KIND = "aftersales_service.guess"


def ask(server, path):
    """Status of a page, as a stranger."""
    try:
        with urllib.request.urlopen(server.url + path, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        return refusal.code


@contextmanager
def limit(admin, number):
    """So many guesses for a day; other tests come from the same address."""

    def set_param(name, value):
        parameter = f"{KIND}_{name}"
        admin.call("ir.config_parameter", "set_param", key=parameter, value=str(value))

    set_param("minutes", 1440)
    set_param("limit", number)
    yield
    set_param("limit", 10**6)


def test_guessing_is_limited_for_each_address(server, connect):
    """R-W12 R-S01: 75 wrong codes aren't 75 times a plain "not found"."""
    with limit(connect("json2", "admin"), 30):
        codes = [ask(server, f"/warranty/wrong{number}") for number in range(75)]
        assert codes[0] == 404 and codes[-1] == 429, codes
        assert 10 < codes.count(404) <= 30
        # every door counts with the others
        assert ask(server, "/training/certificate/wrong") == 429
        assert ask(server, "/feedback/wrong") == 429
        assert ask(server, "/my/visits/1?access_token=wrong") == 429
