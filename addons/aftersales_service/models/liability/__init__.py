from . import liability, request
