from . import revisit_wizard
