def migrate(cr, version):
    """Each card made before gets a code of its own, before an index asks for it."""
    cr.execute(
        "ALTER TABLE aftersales_warranty_card"
        " ADD COLUMN IF NOT EXISTS public_token varchar"
    )
    cr.execute(
        "UPDATE aftersales_warranty_card"
        " SET public_token = replace(gen_random_uuid()::text, '-', '')"
        " WHERE public_token IS NULL"
    )
