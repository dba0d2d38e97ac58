from . import (
    acceptance_portal,
    button,
    complaint_portal,
    exchange_register,
    handoff_portal,
    request_portal,
    visit_portal,
)
