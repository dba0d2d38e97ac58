"""``manage.py test``: the addons' tests, then the end-to-end tests."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from . import database, odoo_source, postgres, python_env, system
from .console import say
from .paths import LOGS, ROOT
from .python_env import PYTHON

UNIT = "aftersales_unit"


def run(arguments):
    """Run the tests.

    :param arguments: arguments for pytest; paths choose what is run
    :return: exit code; in CI a skipped test fails too
    """
    prepare()
    paths = [a for a in arguments if Path(a.split("::")[0]).exists()]
    options = [a for a in arguments if a not in paths]
    inner = [p for p in paths if "addons" in Path(p).resolve().parts]
    outer = [p for p in paths if p not in inner]
    if not paths:
        return _close(_everything(options))
    reports = []
    if inner:
        reports.append(_unit(inner, options))
    if outer:
        reports.append(_pytest("end-to-end", _outside(outer, options)))
    return _close(reports)


def _everything(options):
    """Both kinds side by side: the end-to-end tests wait more than they work.

    Those marked ``alone`` disturb the others (one restarts the database) and follow.
    """
    beside = _outside(["tests", "-m", "not alone"], options)
    log = LOGS / "end-to-end.log"
    say(f"End-to-end tests run beside the unit tests and write to {log}")
    with log.open("w") as output, _start("end-to-end", beside, output) as process:
        try:
            reports = [_unit(_addon_tests(), options)]
        except BaseException:
            process.terminate()
            raise
        code = process.wait()
    say(f"\n== end-to-end tests ==\n{log.read_text()}")
    reports.append((code, _report("end-to-end")))
    alone = _outside(["tests", "-m", "alone"], options)
    return [*reports, _pytest("alone", alone)]


def prepare():
    """Everything that the tests need, made once."""
    python_env.ensure()
    system.ensure()
    odoo_source.ensure()
    postgres.ensure()
    database.ensure_test()


def _addon_tests():
    return sorted(str(path) for path in ROOT.glob("addons/*/tests"))


def _unit(paths, options):
    database.copy(database.TEST, UNIT)
    try:
        config = database.config(UNIT, http_port=os.environ.get("TEST_PORT", "8079"))
        return _pytest(
            "unit", [f"--odoo-config={config}", "--odoo-http", *options, *paths]
        )
    finally:
        database.drop(UNIT)


def _outside(paths, options):
    return ["-p", "no:odoo", *options, *paths]


def _report(label):
    return LOGS / f"{label}.xml"


def _start(label, arguments, output=None):
    """Start pytest; its counts go to the label's report."""
    report = _report(label)
    report.unlink(missing_ok=True)
    command = [PYTHON, "-m", "pytest", f"--junitxml={report}", *arguments]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=database.environment(),
        stdout=output,
        stderr=output and subprocess.STDOUT,
    )


def _pytest(label, arguments):
    say(f"\n== {label} tests ==")
    with _start(label, arguments) as process:
        code = process.wait()
    return code, _report(label)


def _close(reports):
    """Print one line with the counts and say how it ended."""
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for _code, report in reports:
        for name, count in _counts(report).items():
            total[name] += count
    code = max((code for code, _report in reports if code != 5), default=5)
    if total["skipped"] and os.environ.get("CI"):
        say("In CI no test may be skipped.")
        code = code or 1
    say(", ".join(f"{count} {name}" for name, count in total.items()))
    sys.stdout.flush()
    return code


def _counts(report):
    if not report.exists():
        return {"failed": 1}
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for suite in suites:
        value = {key: int(suite.get(key, 0)) for key in _ATTRIBUTES}
        failed = value["failures"] + value["errors"]
        total["failed"] += failed
        total["skipped"] += value["skipped"]
        total["passed"] += value["tests"] - failed - value["skipped"]
    return total


_ATTRIBUTES = ("tests", "failures", "errors", "skipped")
