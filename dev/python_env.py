"""The virtual environment with everything Odoo and the tests import."""

import hashlib
import shutil
import sys

from .console import Problem, run, step
from .paths import LOGS, ROOT, VENV, read_stamp, write_stamp

PYTHON = VENV / "bin" / "python"
STAMP = VENV / "ready"


def ensure():
    """Make the environment unless it is whole and of these requirements."""
    wanted = _fingerprint()
    if read_stamp(STAMP) == wanted and PYTHON.exists():
        return
    if not STAMP.exists() and VENV.exists():
        shutil.rmtree(VENV)  # left half-made by an interrupted start
    STAMP.unlink(missing_ok=True)
    with step("Python environment: creating"):
        _create()
    with step("Python environment: installing packages"):
        _install()
    write_stamp(STAMP, wanted)


def _fingerprint():
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(ROOT.glob("requirements*.txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _create():
    code, printed = run([sys.executable, "-m", "venv", VENV], check=False)
    if code:
        raise Problem(
            f"Python could not make a virtual environment:\n{printed[-800:]}",
            "On Debian and Ubuntu: apt-get install python3-venv",
        )


def _install():
    files = [arg for p in sorted(ROOT.glob("requirements*.txt")) for arg in ("-r", p)]
    log = LOGS / "pip.log"
    log.unlink(missing_ok=True)
    code, printed = run(
        [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *files],
        log=log,
        check=False,
    )
    if not code:
        return
    if "No space left" in printed:
        raise Problem("The disk is full.", "Free some space and start again.")
    if "Could not find a version" in printed or "Max retries" in printed:
        raise Problem(
            f"Packages could not be fetched:\n{printed[-800:]}",
            "Check the network and pip's package index (pip config list), start again.",
        )
    raise Problem(f"pip failed:\n{printed[-1500:]}", f"See {log}.")
