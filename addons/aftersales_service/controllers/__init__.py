from . import (
    acceptance_portal,
    button,
    handoff_portal,
    request_portal,
    visit_portal,
)
