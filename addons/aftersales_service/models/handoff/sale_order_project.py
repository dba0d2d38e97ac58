import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...readers import TEAM_GUIDES_AND_CUSTOMERS
from ...tools import require_text
from ..act.declaration import act


class SaleOrder(models.Model):
    """Project orders: adviser, drawings and plans, contract review (R-H12)."""

    _inherit = "sale.order"

    is_project = fields.Boolean(
        string="Project Order",
        help="Needs a technical adviser, drawings, plan, budget and a contract review"
        " before it is handed off.",
    )
    document_ids = fields.One2many(
        "aftersales.order.document",
        "order_id",
        string="Project Documents",
        portal=True,
        groups=TEAM_GUIDES_AND_CUSTOMERS,
    )
    review_result = fields.Selection(
        [("approved", "Approved"), ("changes", "Changes Asked For")],
        string="Contract Review",
        readonly=True,
        copy=False,
        tracking=True,
    )
    reviewed_at = fields.Datetime(string="Reviewed On", readonly=True, copy=False)
    reviewed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    review_note = fields.Text(readonly=True, copy=False)
    review_digest = fields.Char(
        readonly=True, copy=False, help="Fingerprint of the lines that were reviewed."
    )
    is_review_outdated = fields.Boolean(
        string="Review Is Outdated",
        compute="_compute_is_review_outdated",
        help="Products, quantities or prices changed after the review.",
    )

    @api.depends(
        "review_digest",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.price_unit",
        "order_line.discount",
    )
    def _compute_is_review_outdated(self):
        for order in self:
            reviewed = order.review_digest
            order.is_review_outdated = bool(
                reviewed and reviewed != order._get_review_digest()
            )

    def _get_review_digest(self):
        """Fingerprint of what a review approves: products, quantities and prices."""
        goods = self.order_line.filtered(
            lambda x: x.product_id and not x.is_downpayment
        )
        facts = sorted(
            (
                line.product_id.id,
                f"{line.product_uom_qty:.6f}",
                f"{line.price_unit:.6f}",
                f"{line.discount:.6f}",
            )
            for line in goods
        )
        return hashlib.sha256(repr(facts).encode()).hexdigest()

    # ------------------------------------------------------------------
    # Hand-off
    # ------------------------------------------------------------------

    def _get_handoff_fields(self):
        return super()._get_handoff_fields() + [
            "is_project",
            "technical_adviser_id",
            "document_ids.kind",
            "review_result",
            "review_digest",
        ]

    def _get_handoff_head_issues(self):
        issues = super()._get_handoff_head_issues()
        return issues + self._get_project_issues() if self.is_project else issues

    def _get_project_issues(self):
        """What a project lacks before its hand-off (R-H12)."""
        env = self.env
        # whoever reads the order reads what it lacks, not the documents
        kinds = set(self.sudo().document_ids.mapped("kind"))
        approved = self.review_result == "approved"
        checks = (
            (not self.technical_adviser_id, env._("Technical adviser")),
            ("drawing" not in kinds, env._("Drawing")),
            ("purchasing_plan" not in kinds, env._("Purchasing plan")),
            ("budget" not in kinds, env._("Budget")),
            (not self.review_result, env._("Contract review")),
            (
                self.review_result == "changes",
                env._("Contract review asks for changes: %s", self.review_note),
            ),
            (
                approved and self.is_review_outdated,
                env._("Contract review: the lines changed since"),
            ),
        )
        return [text for missing, text in checks if missing]

    # ------------------------------------------------------------------
    # Review
    # ------------------------------------------------------------------

    @act("review", stamp="reviewed_at", access=None)
    def action_review(self, result, note=None, ref=None):
        """Record the contract review of project orders (R-H12).

        :param result: "approved" or "changes"
        :param note: what must change; required for "changes"
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, aftersales_state, reviewed_at, review_result)
        :raise AccessError: neither supervisor nor the order's technical adviser, or
            the guide who wrote it
        :raise UserError: not a project, cancelled, handed off, or no such result
        """
        if result not in ("approved", "changes"):
            raise UserError(self.env._("The result is “approved” or “changes”."))
        if result == "changes":
            note = require_text(self.env, note, self.env._("What must change"))
        orders = self.sudo()  # the review is readonly to everybody
        for order in orders:
            order.write(
                {
                    "review_result": result,
                    "reviewed_by_id": self.env.uid,
                    "review_note": note,
                    "review_digest": order._get_review_digest(),
                }
            )
        orders._tell_review()
        return {"review_result": result}

    def _check_review(self, values):
        """Who reviews a contract, and until when.

        :param values: dict(result, note)
        """
        user = self.env.user
        if user._is_aftersales("supervisor"):
            self.check_access("read")
            advised = self
        else:  # an adviser may not be allowed to see other orders
            advised = self.filtered(lambda o: o.sudo().technical_adviser_id == user)
        if self - advised or any(order.sudo().user_id == user for order in self):
            raise AccessError(
                self.env._(
                    "A supervisor or the technical adviser reviews a contract, and not"
                    " the guide who wrote it."
                )
            )
        for order in self.sudo():
            done = order.handed_off_at and not order.is_review_outdated
            if not order.is_project or order.state == "cancel" or done:
                raise UserError(
                    self.env._(
                        "%s: a project order is reviewed before its hand-off, and again"
                        " when its lines changed.",
                        order.name,
                    )
                )

    def _tell_review(self):
        """Changes go back to the guide as a task."""
        task = "aftersales_service.mail_activity_type_complete"
        self.activity_unlink([task])
        changes = self.filtered(lambda order: order.review_result == "changes")
        for guide, orders in changes.grouped(lambda o: o._get_guide()).items():
            guide._aftersales_assign(
                orders,
                lambda order, env: env._("Change the contract as reviewed"),
                lambda order, env: order.review_note,
                activity_type=task,
            )
