# Runs inside "odoo shell" with ``env`` and ``NAMES``: loads the addons' demo files.
from odoo.modules.module import Manifest
from odoo.tools.convert import convert_file

for name in NAMES:  # noqa: F821
    for filename in Manifest.for_addon(name)["demo"]:
        convert_file(env, name, filename, {}, mode="init", noupdate=True)  # noqa: F821
modules = env["ir.module.module"].search([("name", "in", NAMES)])  # noqa: F821
modules.demo = True
env["ir.module.module"].flush_model()  # noqa: F821
env.cr.commit()  # noqa: F821
