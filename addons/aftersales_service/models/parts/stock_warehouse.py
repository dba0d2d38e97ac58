from odoo import api, fields, models

COUNT_EVERY = 30  # days between two counts of a store, editable on the location
REFILLED = ("spare", "fitting", "gift")


class StockWarehouse(models.Model):
    """Each warehouse has its stores and operation types for parts (R-P01)."""

    _inherit = "stock.warehouse"

    aftersales_spare_loc_id = fields.Many2one(
        "stock.location", string="Spare Parts", check_company=True, copy=False
    )
    aftersales_fitting_loc_id = fields.Many2one(
        "stock.location", string="Fittings", check_company=True, copy=False
    )
    aftersales_gift_loc_id = fields.Many2one(
        "stock.location", string="Gifts", check_company=True, copy=False
    )
    aftersales_technician_loc_id = fields.Many2one(
        "stock.location", string="With Technicians", check_company=True, copy=False
    )
    aftersales_defective_loc_id = fields.Many2one(
        "stock.location", string="Defective Parts", check_company=True, copy=False
    )
    aftersales_issue_type_id = fields.Many2one(
        "stock.picking.type", string="Part Issues", check_company=True, copy=False
    )
    aftersales_use_type_id = fields.Many2one(
        "stock.picking.type", string="Fitted Parts", check_company=True, copy=False
    )
    aftersales_return_type_id = fields.Many2one(
        "stock.picking.type", string="Unused Parts", check_company=True, copy=False
    )
    aftersales_collect_type_id = fields.Many2one(
        "stock.picking.type", string="Old Parts", check_company=True, copy=False
    )
    aftersales_gift_type_id = fields.Many2one(
        "stock.picking.type", string="Gift Hand-outs", check_company=True, copy=False
    )
    aftersales_route_id = fields.Many2one(
        "stock.route", string="Refill of the Stores", copy=False
    )
    aftersales_store_manager_id = fields.Many2one(
        "res.users",
        string="Store Manager",
        help="Signs for gifts (R-P08). Empty: everybody who administers the inventory.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses._aftersales_ensure_stores()
        return warehouses

    @api.model
    def _aftersales_ensure_all_stores(self):
        """Give every warehouse what it lacks; called at install and update."""
        domain = [("company_id", "!=", False)]
        everything = self.sudo().with_context(active_test=False)
        everything.search(domain)._aftersales_ensure_stores()

    def _aftersales_ensure_stores(self):
        """Create the stores, operation types and refill rules that are missing.

        Does nothing where they exist: new and old warehouses share this method.
        """
        types = [name for name in self._fields if _is_part_type(name)]
        for warehouse in self.sudo():  # whoever creates a warehouse gets all of it
            language = warehouse.company_id.partner_id.lang
            warehouse = warehouse.with_context(lang=language)  # of names
            warehouse._create_missing_locations({})
            if not all(warehouse[name] for name in types):
                missing = warehouse._create_or_update_sequences_and_picking_types()
                warehouse.write(missing)
            if not warehouse.aftersales_route_id:
                warehouse._aftersales_create_route()

    def _aftersales_create_route(self):
        """What the stores lack comes from the stock, which is bought or made for."""
        rules = [
            {
                "name": self._format_rulename(self.lot_stock_id, store, ""),
                "action": "pull",
                "procure_method": "mts_else_mto",
                "picking_type_id": self.int_type_id.id,
                "location_src_id": self.lot_stock_id.id,
                "location_dest_id": store.id,
                "location_dest_from_rule": True,
                "warehouse_id": self.id,
                "company_id": self.company_id.id,
            }
            for store in (self[f"aftersales_{name}_loc_id"] for name in REFILLED)
        ]
        self.aftersales_route_id = self.env["stock.route"].create(
            {
                "name": self.env._("%s: refill the after-sales stores", self.name),
                "company_id": self.company_id.id,
                "product_selectable": False,
                "warehouse_selectable": True,
                "warehouse_ids": [fields.Command.link(self.id)],
                "rule_ids": [fields.Command.create(rule) for rule in rules],
            }
        )

    # ------------------------------------------------------------------
    # Odoo's own way to create the parts of a warehouse
    # ------------------------------------------------------------------

    def _get_aftersales_stores(self):
        return {
            "spare": self.env._("Spare Parts"),
            "fitting": self.env._("Fittings"),
            "gift": self.env._("Gifts"),
            "technician": self.env._("With Technicians"),
            "defective": self.env._("Defective Parts"),
        }

    def _get_locations_values(self, vals, code=False):
        values = super()._get_locations_values(vals, code)
        company_id = vals.get("company_id") or self.env.company.id
        code = (vals.get("code") or code or "").replace(" ", "").upper()
        for store, name in self._get_aftersales_stores().items():
            values[f"aftersales_{store}_loc_id"] = {
                "name": name,
                "usage": "internal",
                "active": True,
                "aftersales_store": store,
                "replenish_location": store in REFILLED,
                "cyclic_inventory_frequency": COUNT_EVERY,
                "barcode": self._valid_barcode(code + store.upper(), company_id),
            }
        return values

    def _get_aftersales_types(self):
        """Operation types: field → (name, prefix, kind, from, to)."""
        customers, _suppliers = self._get_partner_locations()
        store, env = self.aftersales_spare_loc_id, self.env
        team, defective = (
            self.aftersales_technician_loc_id,
            self.aftersales_defective_loc_id,
        )
        gifts = self.aftersales_gift_loc_id
        kinds = {
            "issue": (env._("Part Issues"), "PART", "internal", store, team),
            "use": (env._("Fitted Parts"), "FIT", "outgoing", team, customers),
            "return": (env._("Unused Parts"), "UNUSED", "internal", team, store),
            "collect": (env._("Old Parts"), "OLD", "incoming", customers, defective),
            "gift": (env._("Gift Hand-outs"), "GIFT", "outgoing", gifts, customers),
        }
        return {f"aftersales_{kind}_type_id": facts for kind, facts in kinds.items()}

    def _get_sequence_values(self, name=False, code=False):
        values = super()._get_sequence_values(name=name, code=code)
        for field, (label, prefix, *_rest) in self._get_aftersales_types().items():
            values[field] = {
                "name": f"{name or self.name} {label}",
                "prefix": f"{code or self.code}/{prefix}/",
                "padding": 5,
                "company_id": self.company_id.id,
            }
        return values

    def _get_picking_type_create_values(self, max_sequence):
        values, sequence = super()._get_picking_type_create_values(max_sequence)
        for field, facts in self._get_aftersales_types().items():
            label, prefix, code, source, target = facts
            values[field] = {
                "name": label,
                "code": code,
                "use_create_lots": code == "incoming",
                "use_existing_lots": True,
                "default_location_src_id": source.id,
                "default_location_dest_id": target.id,
                "sequence": sequence,
                "sequence_code": prefix,
                "company_id": self.company_id.id,
            }
            sequence += 1
        return values, sequence

    def _get_picking_type_update_values(self):
        values = super()._get_picking_type_update_values()
        code = self.code.replace(" ", "").upper()
        for field, (_label, prefix, *_rest) in self._get_aftersales_types().items():
            values[field] = {"active": self.active, "barcode": code + prefix}
        return values


def _is_part_type(name):
    return name.startswith("aftersales_") and name.endswith("_type_id")
