from . import request_wizard
