from . import pareto
from . import quality_wizard
