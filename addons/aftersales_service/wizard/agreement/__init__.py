from . import agreement_wizard
