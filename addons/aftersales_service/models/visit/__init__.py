from . import sale_order, visit
