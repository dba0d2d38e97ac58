from . import contact_wizard, visit_wizard
