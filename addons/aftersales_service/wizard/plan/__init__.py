from . import partly_wizard
