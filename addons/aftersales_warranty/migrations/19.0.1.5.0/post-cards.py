from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, convert_file

MODULE = "aftersales_warranty"
TERMS = (
    "repair_months",
    "extension_months",
    "final_maintenance_days",
    "reminder_days",
    "small_fitting_limit",
    "exchange_term",
)


def migrate(cr, version):
    """Cards made before get what was promised then and a place in time."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    # rules and causes are the company's own data, but these are new
    for name in ("security/warranty_rules.xml", "data/cause_data.xml"):
        convert_file(env, MODULE, name, {}, mode="init", noupdate=True)
    _fill_terms(cr)
    env.invalidate_all()
    cards = env["aftersales.warranty.card"].search([])
    # what has ended was looked after as it was agreed then
    for name in ("end_date", "expiring_from", "repair_until", "next_reminder_on"):
        env.add_to_compute(cards._fields[name], cards)
    env.add_to_compute(cards._fields["next_maintenance_on"], cards)
    requests = env["aftersales.request"].search([])
    env.add_to_compute(requests._fields["warranty_card_id"], requests)
    env.flush_all()
    today = cards._get_today()
    for card in cards.filtered(lambda c: c.end_date and c.end_date < today):
        card.write({"reminded_until": card.end_date, "maintained_until": card.end_date})


def _fill_terms(cr):
    copied = SQL(", ").join(
        SQL("%s = policy.%s", SQL.identifier(name), SQL.identifier(name))
        for name in TERMS
    )
    cr.execute(
        SQL(
            "UPDATE aftersales_warranty_card card SET %s, delivered_on ="
            " card.create_date::date, fallback_on = card.create_date::date +"
            " company.warranty_fallback_days,"
            " is_serial = (template.tracking = 'serial')"
            " FROM aftersales_warranty_policy policy, res_company company,"
            " product_product product, product_template template"
            " WHERE policy.id = card.policy_id AND company.id = card.company_id"
            " AND product.id = card.product_id"
            " AND template.id = product.product_tmpl_id",
            copied,
        )
    )
