from . import (
    warranty_policy,
    product_template,
    warranty_card,
    warranty_card_find,
    warranty_component,
    acceptance,
    request,
    stock_lot,
    stock_lot_file,
    stock_picking,
)
