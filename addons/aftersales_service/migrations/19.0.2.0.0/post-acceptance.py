from odoo import SUPERUSER_ID, api
from odoo.tools import split_every


def migrate(cr, version):
    """Signed acceptances keep from now on what they state (R-E06); their seals stay."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    acceptances = env["aftersales.acceptance"]
    signed = acceptances.search([("signed_on", "!=", False)], order="id")
    for ids in split_every(500, signed.ids):
        some = acceptances.browse(ids)
        some._keep_statement()
        env.flush_all()
        env.invalidate_all()
