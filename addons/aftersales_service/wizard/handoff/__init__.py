from . import contact_wizard
