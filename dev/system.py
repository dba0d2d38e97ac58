"""System packages that only the tests need: a browser, a PDF printer, Chinese fonts."""

import os
import shutil
import subprocess

from .console import Problem, run, say, step


def _has(*programs):
    return any(shutil.which(program) for program in programs)


def _has_chinese_font():
    if not _has("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True).stdout)


def missing(*wanted):
    """Debian packages that are still to be installed.

    :param wanted: only these; all of them if empty
    """
    found = {
        "chromium": _has("chromium", "google-chrome", "chromium-browser"),
        "wkhtmltopdf": _has("wkhtmltopdf"),
        "poppler-utils": _has("pdftoppm"),
        "fontconfig": _has("fc-list"),
        "fonts-noto-cjk": _has_chinese_font(),
    }
    return [
        package
        for package, there in found.items()
        if not there and (not wanted or package in wanted)
    ]


def ensure():
    """Install what is missing when allowed to, else say exactly what to install."""
    packages = missing()
    if not packages:
        return
    command = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if os.geteuid() or not _has("apt-get"):
        raise Problem("The tests need system packages.", f"As root: {command}")
    say(f"Installing system packages for the tests: {' '.join(packages)}")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step("System packages: installing"):
        run(["apt-get", "update", "-qq"], env=env)
        run([*command.split()[:2], "-y", *command.split()[2:]], env=env)
    if missing():
        raise Problem(f"Still missing: {missing()}", f"As root: {command}")
