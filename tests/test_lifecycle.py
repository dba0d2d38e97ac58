"""Install each addon by itself, update, load the sample data, uninstall: no warning."""

import pytest

from dev import database, postgres
from dev.paths import NAMES

ALONE, USED = "aftersales_lifecycle", "aftersales_lifecycle_used"
# What an addon may leave under its name after it is gone: nothing.
LEFTOVERS = """
    SELECT 'external id ' || module || '.' || name FROM ir_model_data
     WHERE module = '{name}'
    UNION ALL SELECT 'file of ' || res_model FROM ir_attachment
     WHERE res_model LIKE 'aftersales.%'
       AND res_model NOT IN (SELECT model FROM ir_model)
    UNION ALL SELECT 'message of ' || model FROM mail_message
     WHERE model LIKE 'aftersales.%' AND model NOT IN (SELECT model FROM ir_model)
"""
SCHEMA = """
    SELECT 'table ' || tablename FROM pg_tables WHERE tablename LIKE 'aftersales%'
    UNION ALL SELECT 'column ' || table_name || '.' || column_name
      FROM information_schema.columns WHERE column_name LIKE 'aftersales%'
    UNION ALL SELECT 'job ' || cron_name FROM ir_cron
     WHERE cron_name LIKE '%fter-sales%'
    UNION ALL SELECT 'parameter ' || key FROM ir_config_parameter
     WHERE key LIKE 'aftersales%'
    UNION ALL SELECT 'sequence ' || code FROM ir_sequence WHERE code LIKE 'aftersales%'
"""


@pytest.fixture(scope="module")
def alone():
    """A database with the addons installed one after the other."""
    database.copy(database.BASE, ALONE)
    for name in NAMES:
        database.install(ALONE, [name], fresh=name == NAMES[0])
    yield ALONE
    database.drop(ALONE)


def test_update_leaves_no_warning(alone):
    database.install(alone, NAMES, update=True)


def test_uninstall_leaves_nothing_although_people_worked():
    database.copy(database.TEST, USED)
    try:
        database.load_demo(USED)
        requests = "SELECT count(*) FROM aftersales_request"
        orders = "SELECT count(*) FROM sale_order"
        assert int(postgres.psql(requests, USED)) > 0
        before = postgres.psql(orders, USED)
        for name in reversed(NAMES):
            database.uninstall(USED, [name])
            assert not postgres.psql(LEFTOVERS.format(name=name), USED)
        assert not postgres.psql(SCHEMA, USED)
        assert postgres.psql(orders, USED) == before
    finally:
        database.drop(USED)
