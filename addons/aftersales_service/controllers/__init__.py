from . import (
    acceptance_portal,
    button,
    feedback,
    handoff_portal,
    request_portal,
    visit_portal,
)
