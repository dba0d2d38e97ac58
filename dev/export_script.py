# Runs inside "odoo shell" with ``env``, ``NAMES`` and ``FOLDER``: exports every
# translatable term of the addons to FOLDER/<addon>.pot.
from odoo.tools.translate import trans_export

for name in NAMES:  # noqa: F821
    with open(f"{FOLDER}/{name}.pot", "wb") as stream:  # noqa: F821
        trans_export(None, [name], stream, "po", env)  # noqa: F821
