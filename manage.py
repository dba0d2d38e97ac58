#!/usr/bin/env python3
"""Set up, run, test and check the after-sales addons: ``python3 manage.py --help``."""

import sys

if not (3, 10) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        "Odoo 19 needs Python 3.10 to 3.13; this is {}.{}.\n"
        "→ Start it with another interpreter, e.g. python3.12 manage.py …".format(
            *sys.version_info[:2]
        )
    )

from dev.commands import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
