import sys

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class AftersalesVerify(Command):
    """Check that nothing in the log of acts was changed: exit code 1 where it was."""

    name = "aftersales_verify"

    def run(self, args):
        """Print what was read, what can't be checked, and every row that doesn't fit.

        :param args: Odoo's options; ``-c FILE`` and ``-d DATABASE`` suffice
        """
        config.parse_config([*args, "--no-http"], setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.exit("Name one database: odoo aftersales_verify -d DATABASE")
        with Registry(names[0]).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            report = env["aftersales.act"].verify()
        print(f"{report['count']} acts read")
        for text in report["unchecked"]:
            print(f"not checked: {text}")
        for text in report["faults"]:
            print(f"doesn't fit: {text}")
        sys.exit(0 if report["intact"] else 1)
