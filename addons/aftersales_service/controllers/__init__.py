from . import acceptance_portal, button, request_portal, visit_portal
