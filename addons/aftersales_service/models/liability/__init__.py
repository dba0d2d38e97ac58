from . import damage, liability, liability_rule, request, sale_order
