"""Install, update and uninstall each addon: no warning, nothing left behind."""

import pytest

from dev import database, postgres
from dev.paths import LOGS, NAMES

DATABASE = "aftersales_life"
LEFT_BEHIND = {
    "identifiers": "SELECT name FROM ir_model_data WHERE module = '{name}'",
    "models": "SELECT model FROM ir_model WHERE model LIKE 'aftersales.{prefix}%'",
    "tables": "SELECT tablename FROM pg_tables"
    " WHERE tablename LIKE 'aftersales_{prefix}%'",
    "sequences": "SELECT code FROM ir_sequence WHERE code LIKE 'aftersales.{prefix}%'",
    "columns": "SELECT table_name || '.' || column_name FROM information_schema.columns"
    " WHERE column_name LIKE '%aftersales_{prefix}%'",
}
PREFIX = {
    "aftersales_service": "",
    "aftersales_warranty": "warranty",
    "aftersales_training": "training",
}


@pytest.fixture(scope="module")
def life():
    """A database with the addons installed one after the other."""
    database.copy(database.BASE, DATABASE)
    for name in NAMES:
        database.install(DATABASE, [name], fresh=name == NAMES[0])
    yield DATABASE
    database.drop(DATABASE)


def uninstall(name):
    log = LOGS / f"uninstall-{name}.log"
    log.unlink(missing_ok=True)
    script = f"""
env["ir.module.module"].search([("name", "=", "{name}")]).button_immediate_uninstall()
env.cr.commit()
"""
    database.shell(DATABASE, script, log=log)
    database.check_log(log)


def test_update_leaves_no_warning(life):
    database.install(life, NAMES, update=True)


def test_demo_data_loads_without_warning(life):
    database.load_demo(life)
    count = "SELECT count(*) FROM aftersales_request"
    assert int(postgres.psql(count, life)) > 0


@pytest.mark.parametrize("name", reversed(NAMES))
def test_uninstall_leaves_nothing_behind(life, name):
    uninstall(name)
    left = {
        what: postgres.psql(query.format(name=name, prefix=PREFIX[name]), life)
        for what, query in LEFT_BEHIND.items()
    }
    assert {what: rows for what, rows in left.items() if rows} == {}
