def migrate(cr, version):
    """Make the columns; Odoo would fill new ones of all records at once (R-N09)."""
    cr.execute(
        """ALTER TABLE res_partner
             ADD COLUMN IF NOT EXISTS aftersales_phone_key varchar,
             ADD COLUMN IF NOT EXISTS aftersales_name_key varchar"""
    )
    cr.execute(
        """ALTER TABLE stock_lot
             ADD COLUMN IF NOT EXISTS aftersales_serial_key varchar"""
    )
    cr.execute(
        """ALTER TABLE aftersales_request
             ADD COLUMN IF NOT EXISTS aftersales_phone_key varchar"""
    )
