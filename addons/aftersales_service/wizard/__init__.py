from . import acceptance, agreement, handoff, plan, reason_wizard, request, visit
