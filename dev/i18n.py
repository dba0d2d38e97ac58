"""Translations: export the terms, merge them into zh_CN.po, and check it is complete.

``merge`` and ``check`` run inside the virtual environment (they need polib):
``python -m dev.i18n merge|check FOLDER``.
"""

import re
import sys
from pathlib import Path

from . import database, postgres
from .console import run, step
from .paths import ADDONS, NAMES, ROOT, STATE
from .python_env import PYTHON

PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|%%|\{\w*\}")
HEADER = {
    "Project-Id-Version": "After-Sales 19.0",
    "Language": "zh_CN",
    "Language-Team": "After-Sales Contributors",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def export():
    """Export the terms of the addons from the test database.

    :return: folder with a .pot of each addon
    """
    postgres.ensure()
    database.ensure_test()
    folder = STATE / "i18n"
    folder.mkdir(exist_ok=True)
    script = (ROOT / "dev" / "export_script.py").read_text(encoding="utf-8")
    values = f"NAMES = {NAMES!r}\nFOLDER = {str(folder)!r}\n"
    with step("Translations: exporting the terms"):
        database.shell(database.TEST, values + script)
    return folder


def update():
    """Bring .pot and zh_CN.po up to date, keeping what is translated."""
    _python("merge", export())


def problems():
    """What is missing in the translations, one line each."""
    code, printed = _python("check", export())
    return printed.splitlines() if code else []


def _python(verb, folder):
    command = [PYTHON, "-m", "dev.i18n", verb, folder]
    return run(command, cwd=ROOT, check=verb == "merge")


# ----------------------------------------------------------------------
# Inside the virtual environment
# ----------------------------------------------------------------------


def _load(path):
    import polib

    return polib.pofile(str(path), wrapwidth=88) if path.exists() else polib.POFile()


def _files(folder):
    for name in NAMES:
        yield name, _load(Path(folder) / f"{name}.pot"), ADDONS / name / "i18n"


def merge(folder):
    """Write <addon>.pot and zh_CN.po with exactly the exported terms, sorted."""
    import polib

    for name, exported, target in _files(folder):
        known = {e.msgid: e.msgstr for e in _load(target / "zh_CN.po") if not e.fuzzy}
        for path, translate in (
            (target / f"{name}.pot", lambda msgid: ""),
            (target / "zh_CN.po", lambda msgid, known=known: known.get(msgid, "")),
        ):
            result = polib.POFile(wrapwidth=88)
            result.metadata = dict(HEADER)
            for entry in sorted(exported, key=lambda e: e.msgid):
                result.append(_copy(entry, translate(entry.msgid)))
            target.mkdir(exist_ok=True)
            result.save(str(path))


def _copy(entry, translation):
    import polib

    return polib.POEntry(
        msgid=entry.msgid,
        msgstr=translation,
        comment=entry.comment,
        occurrences=sorted(entry.occurrences),
        flags=[flag for flag in entry.flags if flag != "fuzzy"],
        tcomment=entry.tcomment,
    )


def check(folder):
    """Lines that name each term missing, fuzzy, or with other placeholders."""
    lines = []
    for name, exported, target in _files(folder):
        known = {entry.msgid: entry for entry in _load(target / "zh_CN.po")}
        for entry in exported:
            fault = _fault(entry.msgid, known.get(entry.msgid))
            if fault:
                lines.append(f"{name}/i18n/zh_CN.po: {fault}: {entry.msgid[:90]!r}")
    return lines


def _fault(msgid, entry):
    if entry is None:
        return "term missing (run manage.py i18n)"
    if entry.fuzzy:
        return "fuzzy"
    if not entry.msgstr:
        return "not translated"
    wanted, found = PLACEHOLDER.findall(msgid), PLACEHOLDER.findall(entry.msgstr)
    return "" if sorted(wanted) == sorted(found) else "other placeholders"


if __name__ == "__main__":
    if sys.argv[1] == "merge":
        merge(sys.argv[2])
    else:
        found = check(sys.argv[2])
        print("\n".join(found))
        sys.exit(1 if found else 0)
