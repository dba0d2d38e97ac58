from odoo import fields

from .common import AftersalesCase


class PartsCase(AftersalesCase):
    """A dealer with a store for parts, a technician at work on a fault."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        ref = cls.env.ref
        cls.lens = cls.create_part(
            "镜头模组", ref("aftersales_service.product_category_spare"), 260.0
        )
        cls.controller = cls.create_part(
            "升降控制器",
            ref("aftersales_service.product_category_spare"),
            480.0,
            tracking="serial",
        )
        cls.screw = cls.create_part(
            "膨胀螺丝", ref("aftersales_service.product_category_fitting"), 1.5
        )
        cls.thermos = cls.create_part(
            "保温杯", ref("aftersales_service.product_category_gift"), 35.0
        )
        cls.request = cls.create_request()
        cls.spares = cls.warehouse.aftersales_spare_loc_id

    @classmethod
    def create_part(cls, name, category, cost, **vals):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "categ_id": category.id,
                "standard_price": cost,
                "list_price": 2 * cost,
                **vals,
            }
        )

    @classmethod
    def create_request(cls, **vals):
        """A fault the technician is on site for."""
        request = cls.env["aftersales.request"].create(
            {
                "partner_id": cls.partner.id,
                "product_id": cls.desk.id,
                "problem": "课桌不能升降",
                "type": "fault",
                **vals,
            }
        )
        request.employee_ids = cls.technician
        return request

    @classmethod
    def stock(cls, product, quantity, location=None, lot=None):
        """Put goods into a store."""
        store = product.categ_id.aftersales_store
        location = location or cls.warehouse[f"aftersales_{store}_loc_id"]
        cls.env["stock.quant"]._update_available_quantity(
            product, location, quantity, lot_id=lot
        )

    @classmethod
    def create_lot(cls, product, name):
        return cls.env["stock.lot"].create({"product_id": product.id, "name": name})

    @classmethod
    def create_line(cls, product=None, quantity=1, **vals):
        return cls.env["aftersales.part.line"].create(
            {
                "request_id": cls.request.id,
                "product_id": (product or cls.lens).id,
                "quantity": quantity,
                **vals,
            }
        )

    def as_(self, role, records):
        return records.with_user(self.users[role])

    def get_stock(self, product, location):
        self.env.invalidate_all()
        return product.with_context(location=location.id).qty_available

    def issue(self, product=None, quantity=1, **vals):
        """A part that the technician has with him."""
        line = self.create_line(product, quantity, **vals)
        self.as_("supervisor", line).action_approve()
        self.as_("agent", line).action_reserve()
        self.as_("warehouse", line).action_issue()
        return line

    def charge(self, request=None):
        """Out of warranty: the customer pays the material."""
        (request or self.request).sudo().write({"coverage": "chargeable"})

    def run_transfers(self, lines, act):
        """Validate as a warehouse user what waits for these lines."""
        pickings = lines._get_open_moves(act).picking_id
        pickings = pickings.with_user(self.users["warehouse"])
        pickings.with_context(skip_backorder=True).button_validate()
        self.env.invalidate_all()

    def command_line(self, product, quantity=1):
        return fields.Command.create(
            {"product_id": product.id, "product_uom_qty": quantity}
        )
