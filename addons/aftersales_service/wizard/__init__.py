from . import (
    acceptance,
    analysis,
    appraisal,
    care,
    handoff,
    reason_wizard,
    request,
    visit,
)
