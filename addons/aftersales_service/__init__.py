from . import controllers, models, wizard
from .uninstall import prepare


def uninstall_hook(env):
    """See :func:`.uninstall.prepare`."""
    prepare(env, "aftersales_service")
