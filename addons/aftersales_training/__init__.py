from odoo.addons.aftersales_service.uninstall import prepare

from . import controllers, models, wizard


def uninstall_hook(env):
    """See :func:`odoo.addons.aftersales_service.uninstall.prepare`."""
    prepare(env, "aftersales_training")
