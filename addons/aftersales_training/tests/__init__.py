from . import test_training_plan
