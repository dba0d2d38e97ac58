from . import visit_wizard
