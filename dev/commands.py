"""The commands of manage.py."""

import argparse
import errno
import shutil
import subprocess

from . import database, odoo_source, postgres, python_env
from .console import Problem, say, step
from .paths import ADDONS, ROOT, STATE, VENV, prepare
from .python_env import PYTHON


def main(argv):
    """Run one command and turn a Problem into a readable end.

    :param argv: arguments without the program's name
    :return: exit code
    """
    arguments, rest = _parser().parse_known_args(argv)
    if rest and arguments.command not in ("test", "bench"):
        _parser().error(f"unknown arguments: {' '.join(rest)}")
    try:
        prepare()
        return arguments.function(arguments, rest) or 0
    except Problem as problem:
        say(f"\n✗ {problem}")
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        say("\n✗ The disk is full.\n→ Free some space and start again.")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted. Start again to go on from here.")
        return 130


def _parser():
    parser = argparse.ArgumentParser(prog="manage.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, function, text in (
        ("run", _run, "set up what is missing and serve on http://127.0.0.1:8069"),
        ("test", _test, "run all tests; further arguments go to pytest"),
        ("lint", _lint, "check style, manifests, translations and traceability"),
        ("bench", _bench, "run the benchmarks (or those whose names are given)"),
        ("shell", _shell, "a Python shell on the database of run"),
        ("i18n", _i18n, "export the terms and merge them into zh_CN.po"),
        ("trace", _trace, "write docs/traceability.md"),
        ("screenshot", _screenshot, "picture of a page of the running server"),
        ("clean", _clean, "remove what manage.py made in this folder"),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(function=function)
        if name == "run":
            command.add_argument("--port", type=int, default=8069)
        if name == "screenshot":
            command.add_argument("url")
            command.add_argument("file")
            command.add_argument("--login", default="")
            command.add_argument("--phone", action="store_true")
    return parser


def _set_up():
    python_env.ensure()
    odoo_source.ensure()
    postgres.ensure()


def _run(arguments, _rest):
    from . import server

    server.run(arguments.port)


def _test(_arguments, rest):
    from . import testing

    return testing.run(rest)


def _lint(_arguments, _rest):
    from . import lint

    return min(lint.check(), 1)


def _bench(_arguments, rest):
    _set_up()
    database.ensure_test()
    plain, ours = "aftersales_bench_plain", "aftersales_bench"
    with step("Bench: copying the databases"):
        database.copy(database.BASE, plain)
        database.copy(database.TEST, ours)
    env = database.environment() | {
        "BENCH_PLAIN_DB": plain,
        "BENCH_DB": ours,
        "BENCH_CONF": str(database.config(ours)),
    }
    codes = []
    for path in sorted((ROOT / "bench").glob("bench_*.py")):
        if not rest or any(name in path.stem for name in rest):
            say(f"\n== {path.stem} ==")
            codes.append(subprocess.run([PYTHON, path], env=env).returncode)
    database.drop(plain)
    database.drop(ours)
    return max(codes, default=0)


def _shell(_arguments, _rest):
    _set_up()
    database.ensure_run()
    command = ["shell", "-c", database.config(database.RUN), "--no-http"]
    return subprocess.run(
        [PYTHON, "-m", "odoo", *command, "-d", database.RUN], env=database.environment()
    ).returncode


def _i18n(_arguments, _rest):
    from . import i18n

    _set_up()
    i18n.update()
    problems = i18n.problems()
    say("\n".join(problems) or "Translations are complete.")


def _trace(_arguments, _rest):
    from . import trace

    problems = trace.generate(ROOT)
    say("\n".join(problems) or "docs/traceability.md is written.")
    return 1 if problems else 0


def _screenshot(arguments, _rest):
    python_env.ensure()
    options = [f"--login={arguments.login}"] if arguments.login else []
    options += ["--phone"] if arguments.phone else []
    command = [PYTHON, "-m", "dev.browser", arguments.url, arguments.file, *options]
    return subprocess.run(command, cwd=ROOT).returncode


def _clean(_arguments, _rest):
    with step("Stopping the database server"):
        postgres.stop()
    with step("Removing the environment, the databases and the logs"):
        for folder in (VENV, STATE):
            shutil.rmtree(folder, ignore_errors=True)
        for folder in [*ADDONS.rglob("__pycache__"), *ROOT.glob("*/__pycache__")]:
            shutil.rmtree(folder, ignore_errors=True)
