from . import (  # the house's first
    reason_wizard,
    acceptance,
    exchange,
    handoff,
    request,
    visit,
)
