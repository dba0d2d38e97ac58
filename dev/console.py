"""Telling the person what happens: steps with their time, and problems with a cure."""

import errno
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

WIDTH = 62


class Problem(Exception):
    """Something a person must mend: what is wrong, and what to do."""

    def __init__(self, what, cure=""):
        super().__init__(what)
        self.what = what
        self.cure = cure

    def __str__(self):
        return f"{self.what}\n→ {self.cure}" if self.cure else self.what


@contextmanager
def step(text):
    """Print a step, its elapsed seconds while it works, and how it ended."""
    start = time.monotonic()
    done = threading.Event()
    live = sys.stdout.isatty()
    if live:
        ticker = threading.Thread(target=_tick, args=(text, start, done), daemon=True)
        ticker.start()
    else:
        print(f"• {text} …", flush=True)
    try:
        yield
    except BaseException:
        _end(text, "failed", start, done, live)
        raise
    _end(text, "done", start, done, live)


def _tick(text, start, done):
    while not done.wait(0.5):
        print(f"\r• {text:<{WIDTH}} {time.monotonic() - start:5.0f} s", end="")
        sys.stdout.flush()


def _end(text, word, start, done, live):
    done.set()
    begin = "\r" if live else ""
    print(f"{begin}• {text:<{WIDTH}} {word} ({time.monotonic() - start:.1f} s)")
    sys.stdout.flush()


def say(text=""):
    """Print a line at once."""
    print(text, flush=True)


def run(command, *, log=None, env=None, cwd=None, check=True, text_input=None):
    """Run a program quietly.

    :param log: file that gets its output; otherwise it is returned
    :param check: raise a Problem with the end of the output when it fails
    :return: (exit code, output)
    """
    output = open(log, "ab") if log else subprocess.PIPE  # noqa: SIM115
    try:
        result = subprocess.run(
            [str(part) for part in command],
            stdout=output,
            stderr=subprocess.STDOUT,
            input=text_input.encode() if text_input is not None else None,
            stdin=subprocess.DEVNULL if text_input is None else None,
            env=env,
            cwd=cwd,
        )
    finally:
        if log:
            output.close()
    printed = _tail(log) if log else result.stdout.decode(errors="replace")
    if check and result.returncode:
        raise failure(command, printed, log)
    return result.returncode, printed


def failure(command, printed, log=None):
    """The Problem behind a failed program, recognised from what it printed."""
    if os.strerror(errno.ENOSPC) in printed:
        return Problem("The disk is full.", "Free some space and start again.")
    name = " ".join(str(part) for part in command[:4])
    where = f"See {log}." if log else ""
    return Problem(f"{name} … failed:\n{printed[-3000:]}", where)


def _tail(path, size=6000):
    with open(path, "rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - size))
        return stream.read().decode(errors="replace")
