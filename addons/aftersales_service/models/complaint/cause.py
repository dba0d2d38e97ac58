from odoo import api, fields, models


class AftersalesCause(models.Model):
    """Causes form a tree: who or what is behind it, down to the single cause (R-C04).

    A cause belongs to what its parent belongs to, unless said otherwise.
    """

    _inherit = "aftersales.cause"
    _parent_store = True
    _rec_names_search = ["name", "code"]

    parent_id = fields.Many2one(
        "aftersales.cause", string="Belongs To", index=True, ondelete="restrict"
    )
    display_name = fields.Char(recursive=True)
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("aftersales.cause", "parent_id", string="Causes")
    kind = fields.Selection(
        [
            ("product", "Product"),
            ("person", "Person"),
            ("department", "Department"),
            ("supplier", "Supplier"),
            ("transport", "Transport"),
            ("customer", "Customer"),
        ],
        string="Lies With",
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        recursive=True,
        index=True,
        help="Reports count by it who or what complaints come from.",
    )

    @api.depends("parent_id.kind")
    def _compute_kind(self):
        for cause in self:
            cause.kind = cause.parent_id.kind or cause.kind or "product"

    @api.depends("name", "parent_id.display_name")
    def _compute_display_name(self):
        for cause in self:
            parts = (cause.parent_id.display_name, cause.name)
            cause.display_name = " / ".join(filter(None, parts))
