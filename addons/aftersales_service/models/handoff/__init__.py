from . import (
    product_template,
    res_company,
    sale_order,
    sale_order_check,
    sale_order_contact,
    sale_order_line,
    stock_move,
    handoff_batch,
)
