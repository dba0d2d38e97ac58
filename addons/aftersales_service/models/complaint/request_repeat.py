from datetime import timedelta

from odoo import api, fields, models


class AftersalesRequest(models.Model):
    """The same complaint again: found, linked, told (R-C04)."""

    _inherit = "aftersales.request"

    repeat_of_id = fields.Many2one(
        "aftersales.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The complaint before about the same product for the same cause.",
    )
    repeat_ids = fields.One2many(
        "aftersales.request", "repeat_of_id", string="Repeated By"
    )
    is_repeat = fields.Boolean(
        string="Repeated Complaint", compute="_compute_is_repeat", store=True
    )

    @api.depends("repeat_of_id")
    def _compute_is_repeat(self):
        for request in self:
            request.is_repeat = bool(request.repeat_of_id)

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._detect_repeats()
        return requests

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"type", "product_id", "lot_id", "cause_id", "company_id"}:
            self._detect_repeats()
        return result

    def _detect_repeats(self):
        """Link each complaint to the one before; tell the supervisor once.

        The number of queries doesn't grow with the number of complaints.
        """
        concerned = self.filtered(
            lambda r: (
                r.type == "complaint"
                and r.product_id
                and r.cause_id
                and r.company_id.aftersales_repeat_days
            )
        )
        (self - concerned).filtered("repeat_of_id").sudo().repeat_of_id = False
        by_key = concerned._get_earlier()
        new = self.browse()
        for request in concerned:
            before = request._find_before(by_key[request._get_repeat_key()])
            if before != request.repeat_of_id:
                request.sudo().repeat_of_id = before  # acts and detection write it
                new |= request.filtered("repeat_of_id")
        new._tell_repeats()

    def _get_repeat_key(self):
        return (self.company_id.id, self.product_id.id, self.cause_id.id)

    def _get_earlier(self):
        """Complaints alike, the latest first, for each company, product and cause."""
        found = {request._get_repeat_key(): [] for request in self}
        if not self:
            return found
        longest = max(self.company_id.mapped("aftersales_repeat_days"))
        since = min(self.mapped("reported_at")) - timedelta(days=longest)
        earlier = self.sudo().search_fetch(  # guides don't see other guides' complaints
            [
                ("type", "=", "complaint"),
                ("state", "!=", "cancelled"),
                ("company_id", "in", self.company_id.ids),
                ("product_id", "in", self.product_id.ids),
                ("cause_id", "in", self.cause_id.ids),
                ("reported_at", ">=", since),
            ],
            ["company_id", "product_id", "cause_id", "reported_at"],
            order="reported_at desc, id desc",
        )
        for request in earlier:
            found.get(request._get_repeat_key(), []).append(request)
        return found

    def _find_before(self, earlier):
        days = timedelta(days=self.company_id.aftersales_repeat_days)
        moment = (self.reported_at, self.id)
        for other in earlier:
            if (other.reported_at, other.id) < moment:
                inside = other.reported_at >= self.reported_at - days
                return other if inside else self.browse()
        return self.browse()

    def _tell_repeats(self):
        for supervisors, requests in self.grouped(
            lambda r: r._sla_recipients("supervisor")
        ).items():
            supervisors._aftersales_assign(
                requests,
                lambda r, env: env._(
                    "Repeated complaint, same cause: %s", (r.problem or "")[:60]
                ),
                lambda r, env: env._("Before: %s", r.sudo().repeat_of_id.name),
            )
