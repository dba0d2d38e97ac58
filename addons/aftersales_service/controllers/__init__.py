from . import (
    acceptance_portal,
    button,
    exchange_register,
    handoff_portal,
    plan_portal,
    request_portal,
    visit_portal,
)
