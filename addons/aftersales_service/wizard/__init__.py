from . import acceptance, care, handoff, reason_wizard, request, visit
