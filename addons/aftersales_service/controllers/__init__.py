from . import (
    acceptance_portal,
    button,
    complaint_portal,
    exchange_register,
    feedback,
    handoff_portal,
    plan_portal,
    portal,
    request_portal,
    spreadsheet,
    visit_portal,
)
