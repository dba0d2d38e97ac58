from . import training_portal, training_public
