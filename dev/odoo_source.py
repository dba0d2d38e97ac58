"""Getting Odoo 19: ODOO_PATH, an importable odoo, or the Debian package.

The package is fetched with a private apt state, so that neither the system's sources
nor its packages change; apt checks the signatures. It is unpacked once into the cache.
"""

import ast
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from . import python_env
from .console import Problem, run, step
from .paths import CACHE, STATE, read_stamp, write_stamp

SERIES = "19.0"
TREE = CACHE / "odoo-19"
CHECKED = STATE / "odoo-checked"
STAMP = TREE / "ready"
LIBRARY = TREE / "usr" / "lib" / "python3" / "dist-packages"
# The package links web fonts and scripts into other packages, of these suites
PACKAGES = {
    "sid": (
        "odoo-19",
        "libjs-jquery",
        "libjs-jquery-form",
        "libjs-underscore",
        "fonts-roboto-unhinted",
        "fonts-montserrat",
        "fonts-ocr-b",
    ),
    "bookworm": ("fonts-font-awesome", "fonts-inconsolata"),
}
# Declared in an asset bundle but absent from the package: without it the backend
# doesn't load. It only blurs a webcam's background; an empty file will do.
MISSING = ("addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js",)

# Made at run time, or of modules that only test Odoo itself or a web site
NOT_NEEDED = ("web/static/asset_styles_company_report.scss", "test_", "website")


def ensure():
    """Find or fetch Odoo and put it on the environment's path.

    :return: folder that holds the package ``odoo``
    """
    library = _from_variable() or _from_environment() or _from_debian()
    link = next(python_env.VENV.glob("lib/python*/site-packages")) / "odoo19.pth"
    if read_stamp(link) != f"{library}\n":
        write_stamp(link, f"{library}\n")
    _check(library)
    return library


def build():
    """Key of the Odoo in use: which copy, of which day."""
    return read_stamp(CHECKED)


def version(library):
    """Release of the Odoo in a folder, e.g. "19.0"; empty when there is none."""
    release = Path(library) / "odoo" / "release.py"
    if not release.exists():
        return ""
    scope = {}
    exec(release.read_text(encoding="utf-8"), scope)  # plain assignments
    return ".".join(str(part) for part in scope["version_info"][:2])


def _from_variable():
    given = os.environ.get("ODOO_PATH")
    if not given:
        return None
    for folder in (Path(given), Path(given).parent):
        if version(folder) == SERIES:
            return folder.resolve()
    found = version(given)
    raise Problem(
        f"ODOO_PATH={given} holds {f'Odoo {found}' if found else 'no Odoo'}.",
        "Point it to a folder of Odoo 19 that contains the package “odoo”.",
    )


def _from_environment():
    code = (
        "import importlib.util as u; s = u.find_spec('odoo');"
        "print(list(s.submodule_search_locations)[0] if s else '')"
    )
    for python in dict.fromkeys((sys.executable, "/usr/bin/python3")):
        if not Path(python).exists():
            continue
        _code, printed = run([python, "-c", code], check=False, cwd="/")
        folder = Path(printed.strip().splitlines()[-1] if printed.strip() else "/-")
        if version(folder.parent) == SERIES and folder.parent != LIBRARY:
            return folder.parent
    return None


def _from_debian():
    if not STAMP.exists():
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise Problem(
                "Odoo 19 was not found, and without apt-get it can't be fetched.",
                "Set ODOO_PATH to a folder of Odoo 19 that contains “odoo”.",
            )
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="odoo-part-") as folder:
            _fetch_and_unpack(Path(folder))
    return LIBRARY


def _fetch_and_unpack(folder):
    tree = folder / "tree"
    tree.mkdir()
    with step("Odoo 19: fetching from the Debian archive"):
        for suite, names in PACKAGES.items():
            _fetch(folder, suite, names)
    with step("Odoo 19: unpacking"):
        for package in sorted(folder.glob("deb/*.deb")):
            run(["dpkg-deb", "-x", package, tree])
        _mend(tree)
    shutil.rmtree(TREE, ignore_errors=True)
    tree.rename(TREE)
    write_stamp(STAMP, "\n".join(p.name for p in sorted(folder.glob("deb/*.deb"))))


def _fetch(folder, suite, names):
    state = folder / suite
    for name in ("lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True)
    (folder / "deb").mkdir(exist_ok=True)
    sources = state / "sources.list"
    sources.write_text(f"deb {_mirror()} {suite} main\n", encoding="utf-8")
    options = [
        f"Dir::Etc::sourcelist={sources}",
        "Dir::Etc::sourceparts=/dev/null",
        f"Dir::State::lists={state}/lists",
        f"Dir::Cache={state}/cache",
        "Debug::NoLocking=1",
        "APT::Sandbox::User=",
    ]
    apt = ["apt-get", *(arg for option in options for arg in ("-o", option))]
    for command in ([*apt, "update"], [*apt, "download", *names]):
        code, printed = run(command, cwd=folder / "deb", check=False)
        if code or "Failed to fetch" in printed:
            raise Problem(
                f"Debian's archive could not be read:\n{printed[-1500:]}",
                "Check the network, or set ODOO_PATH to a folder of Odoo 19.",
            )


def _mirror():
    _code, printed = run(
        ["apt-get", "indextargets", "--format", "$(SITE)"], check=False
    )
    sites = [line for line in printed.splitlines() if "://" in line]
    plain = [site for site in sites if "security" not in site]
    if not plain:
        raise Problem(
            "apt knows no Debian mirror.", "Set ODOO_PATH to a folder of Odoo 19."
        )
    return plain[0]


def _mend(tree):
    for name in MISSING:
        path = tree / "usr/lib/python3/dist-packages/odoo" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for path in tree.rglob("*"):
        if path.is_symlink() and os.readlink(path).startswith("/"):
            target = tree / os.readlink(path).lstrip("/")
            path.unlink()
            path.symlink_to(os.path.relpath(target, path.parent))


def _check(library):
    """Series 19, and nothing of the web client missing; remembered until it changes."""
    found = version(library)
    if found != SERIES:
        raise Problem(f"{library} holds Odoo {found or '?'}.", "Odoo 19.0 is needed.")
    release = (library / "odoo" / "release.py").stat()
    key = hashlib.sha256(f"{library} {release.st_mtime_ns}".encode()).hexdigest()
    if build() == key:
        return
    with step("Odoo 19: checking its web assets"):
        gone = missing_assets(library)
    if gone:
        if library == LIBRARY:
            STAMP.unlink(missing_ok=True)  # fetched anew at the next start
        raise Problem(
            "Files of Odoo's web client are missing:\n  " + "\n  ".join(gone[:10]),
            "Start again to fetch Odoo anew, or complete the Odoo in ODOO_PATH.",
        )
    write_stamp(CHECKED, key)


def missing_assets(library):
    """Files that an asset bundle names without a pattern, and dangling links."""
    addons = library / "odoo" / "addons"
    gone = [
        str(path.relative_to(addons))
        for path in addons.glob("*/static/**/*")
        if path.is_symlink() and not path.exists()
    ]
    for manifest in addons.glob("*/__manifest__.py"):
        content = ast.literal_eval(manifest.read_text(encoding="utf-8"))
        for entries in content.get("assets", {}).values():
            names = filter(None, map(_asset_file, entries))
            gone += [name for name in names if not _asset_exists(addons, name)]
    return sorted({name for name in gone if not name.startswith(NOT_NEEDED)})


def _asset_file(entry):
    """The plain file that an entry of a bundle adds; None for the other kinds."""
    if not isinstance(entry, str):
        if entry[0] in ("remove", "include"):
            return None
        entry = entry[-1]
    plain = "*" not in entry and "://" not in entry and "." in Path(entry).name
    return entry.lstrip("/") if plain else None


def _asset_exists(addons, name):
    module = name.split("/")[0]
    return not (addons / module).exists() or (addons / name).exists()
