from . import acceptance, handoff, request, visit
