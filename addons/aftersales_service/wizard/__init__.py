from . import acceptance, handoff, parts, reason_wizard, request, visit
