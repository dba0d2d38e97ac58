from . import acceptance, handoff, parts, reason_wizard, request, visit
from . import (  # the house's first
    reason_wizard,
    acceptance,
    exchange,
    handoff,
    request,
    visit,
)
from . import acceptance, agreement, handoff, plan, reason_wizard, request, visit
from . import acceptance, appraisal, care, handoff, reason_wizard, request, visit
