from . import (
    acceptance_portal,
    button,
    exchange_register,
    feedback,
    handoff_portal,
    plan_portal,
    request_portal,
    spreadsheet,
    visit_portal,
)
