from . import liability, liability_rule, request, sale_order
