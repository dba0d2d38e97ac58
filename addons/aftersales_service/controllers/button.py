from odoo import http
from odoo.http import request
from odoo.service.model import call_kw

from odoo.addons.web.controllers.dataset import DataSet
from odoo.addons.web.controllers.utils import clean_action


class ButtonDataSet(DataSet):
    """Our acts return facts to programs; behind a button these aren't an action."""

    @http.route()
    def call_button(self, model, method, args, kwargs, path=None):
        """Call a button's method; only a result that has a type is opened."""
        if model != "sale.order" and not model.startswith("aftersales."):
            return super().call_button(model, method, args, kwargs, path)
        result = call_kw(request.env[model], method, args, kwargs)
        if isinstance(result, dict) and "type" in result:
            return clean_action(result, env=request.env)
        return False
