from . import (
    acceptance,
    event_event,
    product_template,
    res_company,
    sale_order,
    training_plan,
    training_plan_acts,
    training_template,
)
