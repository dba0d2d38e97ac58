"""``manage.py run``: serve the demo database until Ctrl-C."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import database, odoo_source, postgres, python_env, system
from .console import Problem, say, step
from .paths import ADDONS, LOGS
from .python_env import PYTHON

LOGINS = (
    ("admin", "管理员 Administrator"),
    ("manager", "总经理 Manager"),
    ("supervisor", "售后主管 Supervisor"),
    ("agent", "售后客服 Agent"),
    ("clerk", "跟单员 Order clerk"),
    ("guide", "导购 Sales guide"),
    ("warehouse", "仓管员 Warehouse"),
    ("technician", "维修工程师 Technician"),
    ("portal", "顾客 Customer (portal)"),
)


def run(port=8069):
    """Set up what is missing and serve.

    :param port: TCP port on 127.0.0.1
    """
    for number in (signal.SIGINT, signal.SIGTERM):  # a service manager's stop, too
        signal.signal(number, signal.default_int_handler)
    check_port(port)
    python_env.ensure()
    odoo_source.ensure()
    postgres.ensure()
    database.ensure_run()
    database.set_url(database.RUN, f"http://127.0.0.1:{port}")
    processes = start(database.RUN, port)
    try:
        with step("Server: starting"):
            wait_until_up(processes[0], port, LOGS / "server.log")
        _announce(port)
        processes[0].wait()
        raise Problem("The server stopped by itself.", f"See {LOGS}/server.log.")
    except KeyboardInterrupt:
        say()
    finally:
        with step("Stopping"):
            stop(processes)
            postgres.release()


def start(name, port, log=None, clock=True, **options):
    """Start a server, and the clock process beside it.

    :param name: database
    :param port: TCP port on 127.0.0.1
    :param clock: whether the process that makes promises precise runs too
    :param options: further options of Odoo
    :return: list of processes, the server first
    """
    log = log or LOGS / "server.log"
    options = {"http_port": port, "max_cron_threads": 2, "workers": 0, **options}
    config = database.config(name, file=log.stem, dbfilter=f"^{name}$", **options)
    processes = [_spawn(["-c", config], log)]
    if clock:
        path = f"--addons-path={ADDONS}"
        command = [path, "aftersales_clock", "-c", config, "-d", name]
        processes.append(_spawn(command, log.with_name(f"{log.stem}-clock.log")))
    return processes


def _spawn(arguments, log):
    with open(log, "wb") as output:
        return subprocess.Popen(
            [PYTHON, "-m", "odoo", *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=database.environment(),
            start_new_session=True,  # Ctrl-C is for us, we stop it in order
        )


def stop(processes):
    """End processes politely, then firmly."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def check_port(port):
    """Refuse a port that somebody else listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Problem(
                f"Port {port} is in use.",
                "Stop the program that uses it, or choose another:"
                f" python3 manage.py run --port {port + 100}",
            ) from None


def wait_until_up(process, port, log, seconds=120):
    """Wait until the login page is served."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=60)
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    tail = log.read_text(encoding="utf-8", errors="replace")[-2500:]
    raise Problem(f"The server did not come up:\n{tail}", f"See {log}.")


def _announce(port):
    known = database.postgres.psql(
        "SELECT login FROM res_users WHERE active", database.RUN
    ).split()
    say()
    say(f"  http://127.0.0.1:{port}   (Ctrl-C stops it)")
    say()
    for login, role in LOGINS:
        if login in known:
            say(f"  {login + ' / ' + login:<26} {role}")
    say()
    packages = system.missing("wkhtmltopdf", "fonts-noto-cjk")
    if packages:
        say(f"  Chinese PDF documents also need: apt-get install {' '.join(packages)}")
        say()
