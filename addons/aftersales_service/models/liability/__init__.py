from . import liability
