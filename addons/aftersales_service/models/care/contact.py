from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import act_time, check_keys, check_values, require_text
from ..act.declaration import act

KEYS = (
    "partner_id",
    "lot_id",
    "order_id",
    "direction",
    "channel",
    "subject",
    "note",
    "contacted_at",
    "company_id",
)


class AftersalesContact(models.Model):
    """The quick log: an irregular call or letter, recorded in seconds (R-V10)."""

    _name = "aftersales.contact"
    _description = "Contact with a Customer"
    _inherit = ["aftersales.act.mixin"]
    _order = "contacted_at desc, id desc"
    _rec_name = "subject"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    lot_id = fields.Many2one(
        "stock.lot", string="Serial Number", index="btree_not_null", check_company=True
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        index="btree_not_null",
        check_company=True,
    )
    direction = fields.Selection(
        [("in", "From the Customer"), ("out", "To the Customer")],
        required=True,
        default="in",
    )
    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("message", "Message"),
            ("email", "E-mail"),
            ("letter", "Letter"),
            ("store", "Store"),
        ],
        required=True,
        default="phone",
    )
    subject = fields.Char(required=True)
    note = fields.Text()
    contacted_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    request_id = fields.Many2one(
        "aftersales.request", readonly=True, copy=False, index="btree_not_null"
    )

    @api.depends("lot_id", "order_id")
    def _compute_partner_id(self):
        for contact in self:
            lot = contact.lot_id._origin
            owner = contact.order_id.partner_id or lot._get_aftersales_owners().get(lot)
            contact.partner_id = contact.partner_id or owner

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["contacted_at"] = act_time(self.env, vals.get("contacted_at"))
            vals["subject"] = require_text(
                self.env, vals.get("subject"), self.env._("Subject")
            )
        return super().create(vals_list)

    def _filter_locked(self):
        """Who wrote it may mend it until it became a request."""
        return super()._filter_locked() | self.filtered("request_id")

    def _get_lock_refusal(self):
        return self.env._("This contact has become a request.")

    @api.model
    @act("log_contact", creates=True)
    def log_contact(self, vals, ref=None):
        """Record a call or letter in one step (R-V10).

        :param vals: dict of subject (required) and one of partner_id, lot_id,
            order_id; direction ("in", "out"), channel, note, contacted_at (UTC time)
        :param ref: the caller's own reference of this act, for a retry
        :return: id of the contact
        :raise UserError: names what is missing, unknown or impossible
        """
        vals = check_keys(self.env, vals, KEYS)
        check_values(self, vals)
        vals = {name: value for name, value in vals.items() if value}
        contact = self.new(vals)
        if not contact.partner_id:
            raise UserError(self.env._("Missing: %s", self.env._("customer")))
        return self.create(vals | {"partner_id": contact.partner_id.id}).id

    @act("make_request")
    def action_make_request(self, ref=None):
        """It needs work after all: put it into the register (R-S01).

        :param ref: the caller's own reference of this act, for a retry
        :return: action that opens the request
        """
        self.ensure_one()
        if not self.request_id:
            channel = {"message": "web"}.get(self.channel, self.channel)
            text = "\n".join(filter(None, (self.subject, self.note)))
            request = self.env["aftersales.request"].create(
                {
                    "type": "inquiry",
                    "channel": channel,
                    "partner_id": self.partner_id.id,
                    "order_id": self.order_id.id,
                    "lot_id": self.lot_id.id,
                    "company_id": self.company_id.id,
                    "problem": text,
                    "reported_at": self.contacted_at,
                }
            )
            self.sudo().request_id = request  # readonly to clients
        return {
            "type": "ir.actions.act_window",
            "res_model": "aftersales.request",
            "res_id": self.request_id.id,
            "views": [(False, "form")],
        }
