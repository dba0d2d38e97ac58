from . import (
    acceptance,
    acceptance_document,
    acceptance_line,
    acceptance_sign,
    product_template,
    sale_order,
)
