"""Who reads: values for ``groups`` of fields that lead to our models (R-E07).

A field is open to those only who may read the model that it leads to: else ``read()``
without a list of fields fails for everybody else on Odoo's own models.
"""

TECHNICIAN = "aftersales_service.group_aftersales_technician"
USER = "aftersales_service.group_aftersales_user"
GUIDE = "sales_team.group_sale_salesman"
WAREHOUSE = "stock.group_stock_user"
TEAM_AND_GUIDES = f"{TECHNICIAN},{GUIDE}"
TEAM_AND_WAREHOUSE = f"{TECHNICIAN},{WAREHOUSE}"
ALL_ROLES = f"{TECHNICIAN},{GUIDE},{WAREHOUSE}"
CUSTOMERS = "base.group_portal"
TEAM_AND_CUSTOMERS = f"{TECHNICIAN},{CUSTOMERS}"
USERS_AND_CUSTOMERS = f"{USER},{CUSTOMERS}"
TEAM_GUIDES_AND_CUSTOMERS = f"{TEAM_AND_GUIDES},{CUSTOMERS}"
