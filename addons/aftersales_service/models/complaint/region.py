from odoo import api, fields, models
from odoo.fields import Domain


def city_key(name):
    """The same for “上海” and “上海市”."""
    return (name or "").strip().removesuffix("市")


class AftersalesRegion(models.Model):
    """Where customers are: problems of a region are found by it (R-C09).

    A city comes before a state, both before the customer's sales team.
    """

    _name = "aftersales.region"
    _description = "Service Region"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable name, used by other programs.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    state_ids = fields.Many2many("res.country.state", string="States and Provinces")
    cities = fields.Text(
        help="Cities of other states that belong here, one on each line."
    )
    sales_team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", help="For customers without an address."
    )

    _code_uniq = models.Constraint("UNIQUE (code)", "This code is used already.")

    @api.model_create_multi
    def create(self, vals_list):
        regions = super().create(vals_list)
        regions._recompute_partners()
        return regions

    def write(self, vals):
        """Customers move along when a region changes; what was reported stays."""
        if not vals.keys() & {"state_ids", "cities", "active"}:
            return super().write(vals)
        before = self._find_partners()
        result = super().write(vals)
        self._recompute_partners(before)
        return result

    def _recompute_partners(self, partners=None):
        partners = self._find_partners() | (partners or self.env["res.partner"])
        self.env.add_to_compute(partners._fields["aftersales_region_id"], partners)

    def _find_partners(self):
        keys = [city for region in self for city in region._get_cities()]
        cities = keys + [f"{key}市" for key in keys]
        domain = Domain("state_id", "in", self.state_ids.ids)
        domain |= Domain("city", "in", cities)
        domain |= Domain("aftersales_region_id", "in", self.ids)
        # a region concerns the customers of everybody
        return self.env["res.partner"].sudo().search(domain)

    def _get_cities(self):
        keys = map(city_key, (self.cities or "").splitlines())
        return [key for key in keys if key]

    @api.model
    def _get_tables(self):
        """What decides: dicts of city key, state id and sales team id → region."""
        cities, states, teams = {}, {}, {}
        for region in self.sudo().search(
            [("active", "=", True)], order="sequence desc, id desc"
        ):
            cities |= dict.fromkeys(region._get_cities(), region)
            states |= dict.fromkeys(region.state_ids.ids, region)
            teams |= dict.fromkeys(region.sales_team_ids.ids, region)
        return cities, states, teams
