from . import acceptance, acceptance_line, sale_order
