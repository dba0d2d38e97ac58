from . import warranty_wizard
