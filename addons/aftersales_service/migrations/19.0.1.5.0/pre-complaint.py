CODES = (
    "quality",
    "person",
    "department",
    "supplier",
    "transport",
    "customer",
    "colour",
    "size",
    "missing_parts",
    "attitude",
    "careless",
    "unskilled",
    "late",
    "wrong_order",
    "wrong_goods",
    "supplier_material",
    "supplier_late",
    "transport_damage",
    "packaging",
    "site",
    "changed_mind",
)
ROOTS = CODES[:6]


def migrate(cr, version):
    """Causes that a company named like the shipped ones become these (R-C04)."""
    for code in CODES:
        name = f"cause_root_{code}" if code in ROOTS else f"cause_{code}"
        cr.execute(
            """INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
               SELECT 'aftersales_service', %s, 'aftersales.cause', cause.id, true
                 FROM aftersales_cause cause
                WHERE cause.code = %s
                  AND NOT EXISTS (SELECT 1 FROM ir_model_data known
                                   WHERE known.model = 'aftersales.cause'
                                     AND known.res_id = cause.id)""",
            (name, code),
        )
