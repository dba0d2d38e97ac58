from . import (
    acceptance_portal,
    button,
    handoff_portal,
    plan_portal,
    request_portal,
    visit_portal,
)
