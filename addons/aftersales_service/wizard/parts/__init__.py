from . import part_wizard
