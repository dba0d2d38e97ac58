from . import (
    lubricant,
    inspection_criterion,
    inspection_line,
    finding,
    product_template,
    stock_lot,
    request,
    visit,
)
