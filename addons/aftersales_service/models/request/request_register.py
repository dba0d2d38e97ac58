from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...concurrency import retried_when_known
from ...tools import LONGEST, act_time

OLDEST = 366  # days; what is older is brought in as history

KEYS = (
    "type",
    "channel",
    "client_ref",
    "partner_id",
    "contact_name",
    "phone",
    "address",
    "product_id",
    "lot_id",
    "order_id",
    "problem",
    "symptom",
    "severity",
    "emergency",
    "reported_at",
    "team_id",
    "user_id",
    "company_id",
)
NUMBERS = {
    "partner_id",
    "product_id",
    "lot_id",
    "order_id",
    "team_id",
    "user_id",
    "company_id",
}
OTHER = {"emergency", "reported_at"}  # neither numbers of records nor texts


class AftersalesRequest(models.Model):
    """Intake: one method for the desk, the guides, the portal and other programs."""

    _inherit = "aftersales.request"

    @api.model
    def register(self, vals):
        """Enter a report into the register (R-S01, R-S02).

        A retried call with the same ``client_ref`` returns the same request, as long as
        nobody cancelled that: no report ends in a request that nobody works on.

        :param vals: dict of the fields of a request; ``serial`` instead of ``lot_id``;
            ``reported_at`` is a UTC time not in the future and at most a year ago
        :return: id of the request
        :raise UserError: names every missing, unknown or impossible value
        """
        self.check_access("create")
        vals = self._check_register_vals(vals)
        known = self._find_registered(vals)
        if known:
            return known.id
        with retried_when_known(self.env):  # the same call came twice at once
            return self.create(vals).id

    def _find_registered(self, vals):
        if not vals.get("client_ref"):
            return self.browse()
        domain = [
            ("client_ref", "=", vals["client_ref"]),
            ("company_id", "=", vals.get("company_id") or self.env.company.id),
            "|",
            ("state", "!=", "cancelled"),
            ("merged_into_id", "!=", False),
        ]
        # a retry must find it even where the caller may not read it any more
        known = self.sudo().search(domain, order="id desc", limit=1)
        return known.merged_into_id or known

    def _check_register_vals(self, vals):
        if not isinstance(vals, dict):
            raise UserError(self.env._("The values of the request are needed."))
        vals = {key: value for key, value in vals.items() if value is not None}
        unknown = sorted(map(str, set(vals) - set(KEYS) - {"serial"}))
        if unknown:
            raise UserError(self.env._("Unknown values: %s", ", ".join(unknown)))
        self._check_kinds(vals)
        vals = self._resolve_serial(vals)
        self._check_selections(vals)
        vals["reported_at"] = self._check_reported_at(vals.get("reported_at"))
        if self.env.su:  # the customer's pages; of others ``create`` asks it
            self._check_missing(vals)
        return vals

    @api.model
    def _check_reported_at(self, at):
        """When a report came in: not in the future and, for clients, no history."""
        moment = act_time(self.env, at)
        earliest = fields.Datetime.now() - timedelta(days=OLDEST)
        if moment < earliest and not self.env.su:
            raise UserError(
                self.env._(
                    "Reported at %(at)s UTC: more than %(days)s days ago is history,"
                    " not a report.",
                    at=moment,
                    days=OLDEST,
                )
            )
        return moment

    def _check_kinds(self, vals):
        """Numbers of records are whole numbers, everything else is text."""
        wrong = [
            key
            for key, value in vals.items()
            if value is not False
            and key not in OTHER
            and type(value) is not (int if key in NUMBERS else str)
        ]
        if wrong:
            raise UserError(
                self.env._("Values of the wrong kind: %s", ", ".join(wrong))
            )
        too_long = [k for k, v in vals.items() if len(str(v)) > LONGEST]
        if too_long:
            raise UserError(self.env._("Too long: %s", ", ".join(too_long)))

    def _resolve_serial(self, vals):
        for key in sorted(NUMBERS):
            model = self._fields[key].comodel_name
            if vals.get(key) and not self.env[model].sudo().browse(vals[key]).exists():
                raise UserError(
                    self.env._("%(field)s: no record %(id)s.", field=key, id=vals[key])
                )
        serial = vals.pop("serial", None)
        if serial:
            company = self.env.company.browse(vals.get("company_id"))
            lots = self.env["stock.lot"].with_company(company or self.env.company)
            product = self.env["product.product"].browse(vals.get("product_id"))
            vals["lot_id"] = lots._aftersales_find_one(serial, product).id
        self._check_order(vals.get("order_id"))
        return vals

    def _check_order(self, order_id):
        """Guides report on the orders they may read; after-sales on all."""
        if not (self.env.su or self.env.user._is_aftersales("technician")):
            self.env["sale.order"].browse(order_id or []).check_access("read")

    def _check_selections(self, vals):
        for key in ("type", "channel", "severity"):
            allowed = list(dict(self._fields[key].selection))
            if key in vals and vals[key] not in allowed:
                raise UserError(
                    self.env._(
                        "%(field)s: “%(value)s” is none of %(allowed)s.",
                        field=key,
                        value=vals[key],
                        allowed=", ".join(allowed),
                    )
                )
