from math import inf

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_compare

from ...concurrency import serialize
from ..act.declaration import act

METHODS = ("cash", "bank")


class SaleOrder(models.Model):
    """The team collects what the customer still owes (R-H11)."""

    _inherit = "sale.order"

    aftersales_payment_ids = fields.One2many(
        "account.payment",
        "aftersales_order_id",
        string="Collected",
        groups="account.group_account_invoice",
    )
    aftersales_balance = fields.Monetary(
        string="Still to Pay",
        compute="_compute_aftersales_balance",
        compute_sudo=True,  # technicians collect, but don't read invoices
        help="The order's total less what was paid or collected (R-H11).",
    )

    @api.depends(
        "amount_total",
        "invoice_ids.state",
        "invoice_ids.amount_residual",
        "aftersales_payment_ids.state",
    )
    def _compute_aftersales_balance(self):
        for order in self:
            posted = order.invoice_ids.filtered(lambda i: i.state == "posted")
            paid = posted.mapped(
                lambda i: -i.direction_sign * (i.amount_total - i.amount_residual)
            )
            # what waits for the accountant isn't on an invoice yet
            waiting = order.aftersales_payment_ids.filtered(
                lambda p: p.state in ("draft", "in_process") and not p.is_reconciled
            )
            collected = sum(waiting.mapped("amount"))
            order.aftersales_balance = order.amount_total - sum(paid) - collected

    @act("record_collection", access=None)
    def action_record_collection(
        self,
        amount,
        method=None,
        note=None,
        client_ref=None,
        paid_by=None,
        ref=None,
    ):
        """Record what the customer paid to the team (R-H11).

        It pays the order's open invoices; where there are none a draft waits for the
        accountant.

        :param amount: in the order's currency, never more than is owed
        :param method: older name of ``paid_by``
        :param note: remark for the accountant
        :param client_ref: the caller's reference; a retried call isn't counted twice
        :param paid_by: "cash" (also when nothing is said) or "bank"
        :param ref: the caller's own reference of this act, for a retry
        :return: dict(id, payment_id, balance_due)
        :raise UserError: not a positive amount, more than owed, or an unknown method
        """
        self.ensure_one()
        method = self._check_payment_method(method, paid_by)
        order = self._check_may_collect()
        serialize(order)  # nobody pays twice what is owed once
        known = client_ref and order.aftersales_payment_ids.filtered(
            lambda p: p.aftersales_ref == client_ref
        )
        if not known:
            order._check_collection(amount)
            known = order._collect(amount, method, note)
            known.write({"aftersales_order_id": order.id, "aftersales_ref": client_ref})
            order._message_log(
                body=self.env._(
                    "%(amount)s collected (%(method)s). %(note)s",
                    amount=order.currency_id.format(amount),
                    method=known.journal_id.name,
                    note=note or "",
                )
            )
        return {"payment_id": known.id, "balance_due": order.aftersales_balance}

    def _check_may_collect(self):
        """After-sales, the guide, and whoever is sent to the customer."""
        visits = self.sudo().visit_ids
        team = visits.assignment_ids.employee_id.user_id
        if self.env.user in team:
            return self.sudo()._ensure_confirmed()
        if not self.env.user._is_aftersales("user") and not self.has_access("write"):
            raise AccessError(self.env._("Only the team of a visit collects money."))
        return self._check_may_follow()

    def _check_payment_method(self, method, paid_by):
        """One of the two names is enough; clients whose own call has a ``method``
        can only use the other."""
        chosen = method if paid_by is None else paid_by
        chosen = "cash" if chosen is None else chosen
        if chosen not in METHODS or method not in (None, chosen):
            raise UserError(self.env._("Pay by one of: %s", ", ".join(METHODS)))
        return chosen

    def _check_collection(self, amount):
        number = isinstance(amount, int | float) and not isinstance(amount, bool)
        if not number or not 0 < amount < inf:
            raise UserError(self.env._("“%s” is not an amount.", amount))
        owed, rounding = self.aftersales_balance, self.currency_id.rounding
        if float_compare(amount, owed, precision_rounding=rounding) > 0:
            raise UserError(
                self.env._(
                    "%(order)s: only %(owed)s is owed.",
                    order=self.name,
                    owed=self.currency_id.format(owed),
                )
            )

    def _collect(self, amount, method, note):
        journal = self._get_collection_journal(method)
        invoices = self.invoice_ids.filtered(
            lambda i: (
                i.move_type == "out_invoice"
                and i.state == "posted"
                and i.payment_state in ("not_paid", "partial")
            )
        )
        memo = " ".join(filter(None, (self.name, note)))
        if sum(invoices.mapped("amount_residual")) < amount:
            vals = self._prepare_payment_vals(amount, journal)
            return self.env["account.payment"].sudo().create(vals | {"memo": memo})
        register = self.env["account.payment.register"].sudo()
        wizard = register.with_context(
            active_model="account.move", active_ids=invoices.ids
        ).create(
            {
                "journal_id": journal.id,
                "amount": amount,
                "currency_id": self.currency_id.id,
                "group_payment": True,
                "communication": memo,
            }
        )
        # the wizard hands its payments back with the caller's rights
        return wizard._create_payments().sudo()

    def _prepare_payment_vals(self, amount, journal):
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.partner_invoice_id.commercial_partner_id.id,
            "amount": amount,
            "currency_id": self.currency_id.id,
            "journal_id": journal.id,
        }

    def _get_collection_journal(self, method):
        journal = self.env["account.journal"].search(
            [("type", "=", method), ("company_id", "=", self.company_id.id)], limit=1
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no journal for payments by %(method)s.",
                    company=self.company_id.name,
                    method=method,
                )
            )
        return journal
