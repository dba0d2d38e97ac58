from . import complaint_wizard, hand_back_wizard, request_wizard
