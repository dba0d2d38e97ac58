from . import (
    acceptance_portal,
    button,
    feedback,
    handoff_portal,
    request_portal,
    spreadsheet,
    visit_portal,
)
