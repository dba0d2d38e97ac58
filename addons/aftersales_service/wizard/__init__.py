from . import acceptance, appraisal, care, handoff, reason_wizard, request, visit
