from . import (
    acceptance,
    acceptance_document,
    acceptance_line,
    acceptance_criterion,
    acceptance_signature,
    acceptance_sign,
    ir_attachment,
    product_template,
    res_company,
    sale_order,
    sale_order_line,
    visit_proof,
)
