from . import acceptance, exchange, handoff, reason_wizard, request, visit
