from . import (  # the house's first
    reason_wizard,
    acceptance,
    complaint,
    exchange,
    handoff,
    request,
    visit,
)
