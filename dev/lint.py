"""``manage.py lint``: everything that can be checked without running a test."""

import ast
import re
import xml.etree.ElementTree as ElementTree

from . import database, i18n, lint_acts, odoo_source, postgres, python_env, trace
from .console import run, say, step
from .paths import ADDONS, NAMES, ROOT
from .python_env import PYTHON

VERSION = re.compile(r"^19\.0\.\d+\.\d+\.\d+$")
CLOCK = re.compile(r"(?<!fields\.)\b(datetime\.(now|utcnow|today)|date\.today)\(")
FILE_LINES, FUNCTION_LINES = 350, 45
LISTED = ("data", "demo")  # folders of an addon whose XML and CSV a manifest lists
UNLISTED = {"static", "i18n", "tests", "migrations"}


def check():
    """Run every check.

    :return: number of problems, each printed on a line
    """
    python_env.ensure()
    odoo_source.ensure()
    postgres.ensure()
    found = []
    for label, function in (
        ("ruff", _ruff),
        ("manifests and files", _manifests),
        ("sizes and clocks", _python_files),
        ("acts and protection", lint_acts.problems),
        ("traceability", lambda: trace.generate(ROOT, check=True)),
        ("pylint-odoo", _pylint),
        ("translations", i18n.problems),
    ):
        with step(f"Lint: {label}"):
            problems = function()
        for line in problems:
            say(f"  {line}")
        found += problems
    say(f"{len(found)} problems" if found else "Lint: no problems")
    return len(found)


def _tool(*command):
    code, printed = run([PYTHON, "-m", *command], check=False, cwd=ROOT)
    return [line for line in printed.splitlines() if line.strip()] if code else []


def _ruff():
    return _tool("ruff", "check", "--output-format=concise", ".") + _tool(
        "ruff", "format", "--check", "."
    )


def _pylint():
    addons = [f"addons/{name}" for name in NAMES]
    return _tool("pylint", "--rcfile=.pylintrc", "--score=n", *addons)


def _manifests():
    versions = {database.manifest(name)["version"] for name in NAMES}
    found = [] if len(versions) == 1 else [f"addons: versions differ: {versions}"]
    for name in NAMES:
        found += [f"{name}: {line}" for line in _manifest_faults(name)]
        found += [f"{name}: {line}" for line in _file_faults(name)]
    return found


def _manifest_faults(name):
    manifest = database.manifest(name)
    if not VERSION.match(manifest["version"]):
        yield f"version {manifest['version']} is not 19.0.x.y.z"
    if manifest["license"] != "LGPL-3":
        yield "license is not LGPL-3"
    if manifest["author"] != "After-Sales Contributors":
        yield "author is not After-Sales Contributors"
    for needed in ("pyproject.toml", "i18n/zh_CN.po", "static/description/icon.png"):
        if not (ADDONS / name / needed).exists():
            yield f"{needed} is missing"


def _file_faults(name):
    folder, manifest = ADDONS / name, database.manifest(name)
    listed = {file for key in LISTED for file in manifest.get(key, [])}
    for file in sorted(listed):
        if not (folder / file).exists():
            yield f"{file} is listed but missing"
    for path in sorted([*folder.rglob("*.xml"), *folder.rglob("*.csv")]):
        relative = path.relative_to(folder)
        if relative.parts[0] not in UNLISTED and relative.as_posix() not in listed:
            yield f"{relative} is not listed in the manifest"
        if path.suffix == ".xml":
            yield from _xml_faults(path, relative)


def _xml_faults(path, relative):
    try:
        ElementTree.parse(path)
    except ElementTree.ParseError as error:
        yield f"{relative}: {error}"


def _python_files():
    found = []
    paths = [*ADDONS.rglob("*.py"), *(ROOT / "dev").glob("*.py")]
    for path in sorted(p for p in paths if "tests" not in p.parts):
        relative, text = path.relative_to(ROOT), path.read_text(encoding="utf-8")
        lines = text.splitlines()
        if len(lines) > FILE_LINES:
            found.append(f"{relative}: {len(lines)} lines (at most {FILE_LINES})")
        if "addons" in relative.parts:
            found += [
                f"{relative}:{number}: read the clock through fields.Datetime"
                for number, line in enumerate(lines, 1)
                if CLOCK.search(line)
            ]
        found += [f"{relative}: {line}" for line in _long_functions(text)]
    return found


def _long_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            size = node.end_lineno - node.lineno + 1
            if size > FUNCTION_LINES:
                yield f"{node.name} has {size} lines (at most {FUNCTION_LINES})"
