from . import acceptance, handoff, reason_wizard, request, visit
