# Runs inside "odoo shell" with ``env`` and ``URL``: one user for each role, whose
# password is the login, with an API key; prints the keys as one line of JSON.
import json
from datetime import timedelta

from odoo import Command, fields

ROLES = {
    "manager": ["aftersales_service.group_aftersales_manager"],
    "supervisor": ["aftersales_service.group_aftersales_supervisor"],
    "agent": ["aftersales_service.group_aftersales_user"],
    "clerk": ["aftersales_service.group_aftersales_user"],
    "technician": ["aftersales_service.group_aftersales_technician"],
    "guide": ["sales_team.group_sale_salesman"],
    "warehouse": ["stock.group_stock_user"],
    "stranger": ["base.group_user"],
}
users = env["res.users"].with_context(no_reset_password=True)  # noqa: F821
for login, groups in ROLES.items():
    users.create(
        {
            "name": login.title(),
            "login": login,
            "password": login,
            "email": f"{login}@example.com",
            "group_ids": [Command.set([env.ref(g).id for g in groups])],  # noqa: F821
        }
    )
technician = users.search([("login", "=", "technician")])
env["hr.employee"].create({"name": "李师傅", "user_id": technician.id})  # noqa: F821
parameters = env["ir.config_parameter"]  # noqa: F821
parameters.set_param("report.url", URL)  # noqa: F821
parameters.set_param("web.base.url", URL)  # noqa: F821
parameters.set_param("web.base.url.freeze", "True")
expiry = fields.Datetime.now() + timedelta(days=1)
keys = {}
for login in ("admin", *ROLES):
    user = users.search([("login", "=", login)])
    as_user = env["res.users.apikeys"].with_user(user)  # noqa: F821
    keys[login] = as_user._generate("rpc", "test", expiry)
env.cr.commit()  # noqa: F821
print("KEYS", json.dumps(keys))
