from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Stages that know open remarks; promises that the goods made pointless end."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    orders = env["sale.order"].search([("state", "=", "sale")])
    env.add_to_compute(orders._fields["aftersales_state"], orders)
    orders.flush_recordset(["aftersales_state"])
    waiting = env["aftersales.sla.clock"].search(
        [("res_model", "=", "sale.order"), ("stopped_at", "=", False)]
    )
    promised = env["sale.order"].browse(set(waiting.mapped("res_id"))).exists()
    for company, group in promised.grouped("company_id").items():
        delivered = group.with_context(lang=company.partner_id.lang).filtered(
            lambda order: order.delivery_status == "full"
        )
        delivered._end_road(delivered.env._("The goods are delivered already"))
