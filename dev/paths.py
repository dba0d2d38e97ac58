"""Where things are: the project, what it makes for itself, and the cache."""

import os
import shutil
from pathlib import Path

from .console import Problem

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
NAMES = ("aftersales_service", "aftersales_warranty", "aftersales_training")
STATE = ROOT / ".run"
LOGS = STATE / "logs"
DATA = STATE / "data"
VENV = ROOT / ".venv"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aftersales"
NEEDED_SPACE = 3 * 1024**3


def prepare():
    """Make the folders; refuse to begin on a disk that will not hold the set-up."""
    for folder in (STATE, LOGS, DATA, CACHE):
        folder.mkdir(parents=True, exist_ok=True)
    ready = (VENV / "ready").exists()
    free = shutil.disk_usage(STATE).free
    if not ready and free < NEEDED_SPACE:
        raise Problem(
            f"Only {free // 1024**2} MB are free on this disk; 3 GB are needed.",
            "Free some space and start again.",
        )


def write_stamp(path, text):
    """Write a small file in one go: a stamp is there whole or not at all."""
    partial = path.with_name(path.name + ".part")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def read_stamp(path):
    """Content of a stamp, or an empty string."""
    return path.read_text(encoding="utf-8") if path.exists() else ""
