from . import (  # the house's first
    reason_wizard,
    acceptance,
    complaint,
    agreement,
    appraisal,
    care,
    exchange,
    handoff,
    parts,
    plan,
    request,
    visit,
)
