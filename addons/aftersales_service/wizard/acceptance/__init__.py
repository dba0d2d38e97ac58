from . import sign_wizard
