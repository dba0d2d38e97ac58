from . import appraisal_wizard
