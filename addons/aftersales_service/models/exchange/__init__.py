from . import (
    exchange,
    exchange_moves,
    stock_move,
    stock_picking,
    stock_rule,
    stock_lot,
    request,
    request_refund,
    sale_order,
    visit,
    account_move,
    liability,
)
