from . import (
    conduct_wizard,
    exchange_wizard,
    reason_wizard,
    stock_return_picking,
)
