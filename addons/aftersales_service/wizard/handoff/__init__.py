from . import contact_wizard, progress_wizard, review_wizard
