from . import request, sale_order, visit
