from . import collection_wizard, contact_wizard, visit_wizard
