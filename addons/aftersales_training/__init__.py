from odoo.addons.aftersales_service.uninstall import prepare

from . import models


def uninstall_hook(env):
    """See :func:`odoo.addons.aftersales_service.uninstall.prepare`."""
    prepare(env, "aftersales_training")
