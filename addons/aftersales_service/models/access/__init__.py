from . import ir_rule, links, product_template, sale_order
