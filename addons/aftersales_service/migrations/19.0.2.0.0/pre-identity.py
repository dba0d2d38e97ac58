COLUMNS = {
    "res_partner": ("aftersales_phone_key", "aftersales_name_key"),
    "stock_lot": ("aftersales_serial_key",),
    "aftersales_request": ("aftersales_phone_key",),
}


def migrate(cr, version):
    """Make the columns; Odoo would fill new ones of all records at once (R-N09)."""
    for table, names in COLUMNS.items():
        for name in names:
            cr.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {name} varchar")
