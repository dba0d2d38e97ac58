"""Databases in layers, so that each is made once and copied in a second.

- ``aftersales_base``: Odoo with every module the addons depend on, in Chinese;
- ``aftersales_test``: a copy of it with the addons, template of the tests;
- ``aftersales``: a copy of it with the addons and their demo data, for ``run``.

A database is stamped in its comment when it is whole; one without is dropped.
"""

import ast
import hashlib
import os
import shutil
import uuid

from . import odoo_source, postgres
from .console import Problem, run, step
from .paths import ADDONS, CACHE, DATA, LOGS, NAMES, ROOT, STATE
from .python_env import PYTHON

BASE, TEST, RUN = "aftersales_base", "aftersales_test", "aftersales"
EXTRA = ("contacts", "purchase_stock")  # what a dealer's database has besides
# Noise of the surroundings; everything else at WARNING or above is a failure.
NOISE = (
    "odoo.service.server: Failed to load",
    "pg_trgm",
    "unaccent",
    "wkhtmltopdf",
    "http_interface",
    "docutils",
    "<string>:",
    "security risk",
    "Some modules are not loaded",
)


def manifest(name):
    """Content of an addon's manifest."""
    text = (ADDONS / name / "__manifest__.py").read_text(encoding="utf-8")
    return ast.literal_eval(text)


def dependencies():
    """Odoo's own modules that the addons build on."""
    wanted = {d for name in NAMES for d in manifest(name)["depends"]}
    return sorted((wanted | set(EXTRA)) - set(NAMES))


def sources_key():
    """Changes whenever a file changes that an installed database depends on."""
    digest = hashlib.sha256()
    for path in sorted(ADDONS.rglob("*")):
        ignored = "__pycache__" in path.parts or "/tests/" in path.as_posix()
        if path.is_file() and not (ignored and path.suffix != ".js"):
            digest.update(str(path.relative_to(ADDONS)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


# ----------------------------------------------------------------------
# The layers
# ----------------------------------------------------------------------


def ensure_base():
    """Make the database without the addons, once; a second clone finds it cached."""
    key = f"{odoo_source.SERIES} {' '.join(dependencies())}"
    if stamp(BASE) == key:
        return
    made_by = f"{key} {odoo_source.build()} {postgres.psql('SHOW server_version')}"
    cached = CACHE / f"base-{hashlib.sha256(made_by.encode()).hexdigest()[:16]}.zip"
    if not _load_base(cached):
        with step("Database: Odoo and the modules it needs (some minutes)"):
            drop(BASE)
            _init_base()
            _dump_base(cached)
    set_stamp(BASE, key)


def _load_base(cached):
    """Whether the base could be taken from the cache; a bad file is thrown away."""
    if not cached.exists():
        return False
    with step("Database: Odoo and the modules it needs, from the cache"):
        command = ("db", "-c", config(BASE), "load", "--force", BASE, cached)
        code, _printed = odoo(*command, log=_log(BASE), check=False)
        if code:
            drop(BASE)
            cached.unlink()
    return not code


def _dump_base(cached):
    part = cached.with_suffix(f".{os.getpid()}")
    odoo("db", "-c", config(BASE), "dump", BASE, part, log=_log(BASE, fresh=False))
    part.replace(cached)


def _init_base():
    command = [
        *("db", "-c", config(BASE), "init", BASE),
        *("--language", "zh_CN", "--country", "CN"),
    ]
    odoo(*command, log=_log(BASE, fresh=True))
    install(BASE, [*dependencies(), "l10n_cn"], fresh=False)


def ensure_test():
    """Make the template of the tests: the addons without demo data.

    :raise Problem: the log of the installation holds a warning
    """
    ensure_base()
    key = sources_key()
    if stamp(TEST) == key:
        return
    with step("Database: installing the addons for the tests"):
        copy(BASE, TEST)
        install(TEST, NAMES)
        set_stamp(TEST, key)


def ensure_run():
    """Make or update the database that ``run`` serves."""
    key = sources_key()
    have = stamp(RUN)
    if have == key:
        return
    if have:
        # the sample data is loaded once; since then people have worked with it
        postgres.psql("UPDATE ir_module_module SET demo = false", RUN)
        with step("Database: updating the addons"):
            install(RUN, NAMES, update=True)
    else:
        ensure_base()
        with step("Database: installing the addons"):
            copy(BASE, RUN)
            install(RUN, NAMES)
        with step("Database: demo data of a dealer"):
            load_demo(RUN)
    set_stamp(RUN, key)


def install(database, names, update=False, fresh=True):
    """Install or update modules and let no warning pass."""
    log = _log(database, fresh)
    flag = "-u" if update else "-i"
    command = ["-c", config(database), "-d", database, flag, ",".join(names)]
    if update:
        command.append("--i18n-overwrite")
    odoo(*command, "--stop-after-init", "--no-http", log=log)
    check_log(log)


def uninstall(database, names):
    """Uninstall modules and let no warning pass."""
    log = _log(database)
    command = ["module", "uninstall", "-c", config(database), "-d", database]
    odoo(*command, *names, log=log)
    check_log(log)


def set_url(database, url):
    """Tell a database the address it is served at: reports fetch their styles there."""
    postgres.psql(
        f"UPDATE ir_config_parameter SET value = '{url}' WHERE key = 'web.base.url'",
        database,
    )


def load_demo(database):
    """Load the addons' demo files, and only theirs; a failing file is an error."""
    log = LOGS / "demo.log"
    log.unlink(missing_ok=True)
    script = (ROOT / "dev" / "demo_script.py").read_text(encoding="utf-8")
    shell(database, f"NAMES = {NAMES!r}\n{script}", log=log)
    check_log(log)


# ----------------------------------------------------------------------
# Odoo's command line
# ----------------------------------------------------------------------


def odoo(*arguments, log=None, check=True):
    """Run an Odoo command."""
    command = [PYTHON, "-m", "odoo", *arguments]
    return run(command, log=log, check=check, env=environment())


def shell(database, script, log=None):
    """Run a script with ``env``; an exception in it is a failure."""
    script = (
        f"import sys\ntry:\n    exec({script!r}, globals())\nexcept BaseException:\n"
    )
    script += "    import traceback; traceback.print_exc(); sys.stderr.flush()\n"
    script += "    import os; os._exit(1)\n"
    return run(
        [PYTHON, "-m", "odoo", "shell", "-c", config(database), "-d", database]
        + ["--no-http", "--shell-interface", "python"],
        log=log,
        env=environment(),
        text_input=script,
    )


def environment():
    """Variables of an Odoo process: PostgreSQL's programs on its path."""
    folder = str(postgres.program("psql").parent) if postgres.ensure().embedded else ""
    env = postgres.ensure().environment()
    return env | {"PATH": os.pathsep.join(filter(None, (folder, env["PATH"])))}


def config(database, file=None, **options):
    """Write the configuration file of one database.

    :param file: name of the file; several servers on one database need several
    :return: its path
    """
    values = {
        "addons_path": str(ADDONS),
        "data_dir": str(DATA),
        "db_name": database,
        "list_db": "False",
        "http_interface": "127.0.0.1",
        "max_cron_threads": "0",
        "without_demo": "True",
        "log_level": "info",
        **options,
    }
    lines = [f"{name} = {value}" for name, value in values.items()]
    path = STATE / f"{file or database}.conf"
    text = "\n".join(["[options]", *postgres.ensure().options(), *lines]) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def check_log(log, since=0):
    """Refuse a log in which Odoo or the addons complain.

    :param since: offset in bytes from which to read
    """
    with open(log, "rb") as stream:
        stream.seek(since)
        lines = stream.read().decode(errors="replace").splitlines()
    bad = [line for line in lines if is_complaint(line)]
    if bad:
        shown = "\n  ".join(line[:400] for line in bad[:10])
        raise Problem(f"The log complains:\n  {shown}", f"See {log}.")


def is_complaint(line):
    """Whether a log line is a warning or worse that somebody must mend."""
    levels = (" WARNING ", " ERROR ", " CRITICAL ")
    return any(level in line for level in levels) and not any(
        noise in line for noise in NOISE
    )


def _log(database, fresh=True):
    log = LOGS / f"{database}.log"
    if fresh:
        log.unlink(missing_ok=True)
    return log


# ----------------------------------------------------------------------
# PostgreSQL
# ----------------------------------------------------------------------


def stamp(database):
    """What a whole database was made from; empty when absent or half made."""
    name = literal(database)
    return postgres.psql(
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '')"
        f" FROM pg_database WHERE datname = {name}"
    )


def set_stamp(database, key):
    """Mark a database as whole."""
    postgres.psql(f'COMMENT ON DATABASE "{database}" IS {literal(key)}')


def literal(text):
    """A quoted SQL string."""
    return "'" + text.replace("'", "''") + "'"


def drop(database):
    """Drop a database with its files, whoever is connected."""
    postgres.psql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(DATA / "filestore" / database, ignore_errors=True)


def copy(source, target):
    """Copy a database and its files; the copy gets an identity of its own."""
    drop(target)
    postgres.psql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    files = DATA / "filestore" / source
    if files.exists():
        shutil.copytree(files, DATA / "filestore" / target)
    postgres.psql(
        f"UPDATE ir_config_parameter SET value = {literal(str(uuid.uuid4()))}"
        " WHERE key = 'database.uuid'",
        target,
    )
