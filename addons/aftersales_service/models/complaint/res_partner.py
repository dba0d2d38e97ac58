from odoo import api, fields, models

from .region import city_key


class ResPartner(models.Model):
    _inherit = "res.partner"

    aftersales_region_id = fields.Many2one(
        "aftersales.region",
        string="Service Region",
        compute="_compute_aftersales_region_id",
        store=True,
        index="btree_not_null",
        help="From city or state, else from the salesperson's team (R-C09).",
        groups="base.group_user",
    )

    @api.depends(
        "city",
        "state_id",
        "user_id",
        "parent_id.city",
        "parent_id.state_id",
        "parent_id.user_id",
    )
    def _compute_aftersales_region_id(self):
        regions = self.env["aftersales.region"]
        cities, states, teams = regions._get_tables()
        for partner in self:
            region = regions
            for who in (partner, partner.parent_id):
                region = (
                    region
                    or cities.get(city_key(who.city), regions)
                    or states.get(who.state_id.id, regions)
                )
            team = (partner.user_id or partner.parent_id.user_id).sudo().sale_team_id
            partner.aftersales_region_id = region or teams.get(team.id)
