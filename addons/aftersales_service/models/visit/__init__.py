from . import (
    checklist,
    sale_order,
    stock_picking,
    visit,
    visit_acts,
    visit_assignment,
    visit_call,
    visit_reschedule,
)
