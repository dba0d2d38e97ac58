"""The workshop: what manage.py does when something is wrong."""

import errno
import os
import socket

import pytest

from dev import console, database, odoo_source, paths, server, settings


def test_port_in_use_names_another():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(console.Problem, match=f"Port {port} is in use"):
            server.check_port(port)


def test_full_disk_is_recognised():
    problem = console.failure(["pip"], f"error: {os.strerror(errno.ENOSPC)}")
    assert "disk is full" in str(problem)


def test_failed_program_shows_the_end_of_its_output():
    with pytest.raises(console.Problem, match="boom"):
        console.run(["sh", "-c", "echo boom; exit 3"])


def test_little_space_is_refused_before_the_set_up(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "NEEDED_SPACE", 1 << 60)
    monkeypatch.setattr(paths, "VENV", tmp_path)
    with pytest.raises(console.Problem, match="MB are free"):
        paths.prepare()


def test_odoo_path_without_odoo_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("ODOO_PATH", str(tmp_path))
    with pytest.raises(console.Problem, match="holds no Odoo"):
        odoo_source._from_variable()


def test_odoo_of_another_series_is_refused(monkeypatch, tmp_path):
    (tmp_path / "odoo").mkdir()
    release = "version_info = (18, 0, 0, 'final', 0, '')\n"
    (tmp_path / "odoo" / "release.py").write_text(release)
    monkeypatch.setenv("ODOO_PATH", str(tmp_path))
    with pytest.raises(console.Problem, match="Odoo 18.0"):
        odoo_source._from_variable()


def test_missing_web_asset_is_found(tmp_path):
    addon = tmp_path / "odoo" / "addons" / "web"
    (addon / "static").mkdir(parents=True)
    (addon / "static" / "there.js").touch()
    (addon / "static" / "dangling.js").symlink_to("nowhere.js")
    assets = {"b": ["web/static/there.js", "web/static/gone.js", "web/static/**/*.xml"]}
    (addon / "__manifest__.py").write_text(repr({"assets": assets}))
    assert odoo_source.missing_assets(tmp_path) == [
        "web/static/dangling.js",
        "web/static/gone.js",
    ]


def test_server_named_by_variables_is_used(monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGUSER", "odoo")
    found = settings.external()
    assert (found.db_host, found.db_user, found.embedded) == (
        "db.example",
        "odoo",
        False,
    )


def test_example_configuration_names_no_server(monkeypatch):
    for name in settings.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert settings.external() is None


def test_warnings_of_the_addons_are_complaints():
    line = "2026 1 WARNING db odoo.addons.aftersales_service: something is wrong"
    assert database.is_complaint(line)
    assert not database.is_complaint("2026 1 INFO db odoo.modules: fine")
    assert not database.is_complaint("2026 1 WARNING db odoo: no pg_trgm here")


def test_stamp_is_whole_or_absent(tmp_path):
    stamp = tmp_path / "ready"
    assert paths.read_stamp(stamp) == ""
    paths.write_stamp(stamp, "key")
    assert paths.read_stamp(stamp) == "key"
    assert list(tmp_path.iterdir()) == [stamp]
