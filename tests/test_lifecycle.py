"""Install each addon by itself, update them, load the demo data: no warning."""

import pytest

from dev import database, postgres
from dev.paths import NAMES

DATABASE, DEMO = "aftersales_lifecycle", "aftersales_lifecycle_demo"


@pytest.fixture(scope="module")
def life():
    """A database with the addons installed one after the other."""
    database.copy(database.BASE, DATABASE)
    for name in NAMES:
        database.install(DATABASE, [name], fresh=name == NAMES[0])
    yield DATABASE
    database.drop(DATABASE)


def test_update_leaves_no_warning(life):
    database.install(life, NAMES, update=True)


def test_demo_data_loads_without_warning():
    database.copy(database.TEST, DEMO)
    try:
        database.load_demo(DEMO)
        count = "SELECT count(*) FROM aftersales_request"
        assert int(postgres.psql(count, DEMO)) > 0
    finally:
        database.drop(DEMO)
