"""Where the database server is: odoo.conf, the PG* variables, or the embedded one."""

import configparser
import os
from dataclasses import dataclass

from .paths import ROOT

OPTIONS = ("db_host", "db_port", "db_user", "db_password")
VARIABLES = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server; empty values are left to the client."""

    db_host: str = ""
    db_port: str = ""
    db_user: str = ""
    db_password: str = ""
    embedded: bool = False

    def environment(self):
        """Variables for PostgreSQL's own programs."""
        values = {
            name: getattr(self, option)
            for name, option in zip(VARIABLES, OPTIONS, strict=True)
        }
        return os.environ | {k: v for k, v in values.items() if v}

    def options(self):
        """Lines for a configuration file of Odoo."""
        return [f"{o} = {getattr(self, o)}" for o in OPTIONS if getattr(self, o)]


def external():
    """The server that a person named, or None for the embedded one."""
    named = _from_file() or _from_variables()
    return Server(**named) if named.get("db_host") else None


def _from_file():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "odoo.conf", encoding="utf-8")
    if not parser.has_section("options"):
        return {}
    found = {option: parser.get("options", option, fallback="") for option in OPTIONS}
    found = {key: value for key, value in found.items() if value not in ("", "False")}
    return found if "db_host" in found else {}


def _from_variables():
    found = {
        option: os.environ[name]
        for name, option in zip(VARIABLES, OPTIONS, strict=True)
        if os.environ.get(name)
    }
    return found if "db_host" in found else {}
