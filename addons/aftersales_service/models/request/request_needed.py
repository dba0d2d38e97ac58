from odoo import api, models
from odoo.exceptions import UserError

from ...identity import clean, read_phones


class AftersalesRequest(models.Model):
    """What a report must say, whatever the client: form, import, program (R-S01)."""

    _inherit = "aftersales.request"

    @api.model
    def _check_missing(self, vals):
        """Every missing fact is named at once.

        The product isn't among them: the clocks run from the report, whoever is sent
        must know it (``_check_dispatch``).

        :param vals: values of a request to be
        :raise UserError: names what is missing
        """
        partner = self.env["res.partner"].sudo().browse(vals.get("partner_id"))
        unit = self.env["stock.lot"].sudo().browse(vals.get("lot_id"))
        order = self.env["sale.order"].sudo().browse(vals.get("order_id"))
        partner |= order.partner_id or unit._get_aftersales_owners().get(unit, partner)
        possible = partner.browse()
        if not partner:
            partner, possible = self._find_caller_of(vals)
        if possible and not clean(vals.get("contact_name")):
            raise UserError(
                self.env._(
                    "Several customers may be calling: %s. Which one is it?",
                    ", ".join(possible.mapped("display_name")),
                )
            )
        there = {
            self.env._("customer"): partner or clean(vals.get("contact_name")),
            self.env._("phone"): self._has_phone(
                vals.get("phone") or partner.mapped("phone")
            ),
            self.env._("address"): self._says(vals.get("address"))
            or any(p.street or p.city for p in partner),
            self.env._("problem"): self._says(vals.get("problem")),
        }
        missing = [label for label, given in there.items() if not given]
        if missing:
            raise UserError(self.env._("Missing: %s", ", ".join(missing)))

    def _check_emptied(self, vals):
        """What is known isn't emptied later.

        :param vals: values that a client writes
        :raise UserError: names what would be missing
        """
        checks = {
            "phone": self._has_phone,
            "address": self._says,
            "problem": self._says,
            "contact_name": clean,
        }
        missing = [
            self._fields[name]._description_string(self.env)
            for name, is_there in checks.items()
            if name in vals
            and not is_there(vals[name])
            and (vals[name] or any(self.mapped(name)))
        ]
        if missing:
            raise UserError(self.env._("Missing: %s", ", ".join(missing)))

    @api.model
    def _has_phone(self, texts):
        """Whether somebody can be called under what was given as phone number."""
        texts = [texts] if isinstance(texts, str) else texts or []
        return any(
            read_phones(text, self.env.company.country_id.code) for text in texts
        )

    @api.model
    def _says(self, text):
        """Whether a text says anything: a letter or a digit at least."""
        return any(char.isalnum() for char in clean(text))

    @api.constrains("lot_id", "product_id")
    def _check_unit(self):
        """A unit isn't another product's, whoever says so (R-N09)."""
        for request in self.sudo().filtered("lot_id"):
            product = request.lot_id.product_id
            if request.product_id and request.product_id != product:
                names = product.display_name, request.product_id
                request.lot_id._aftersales_refuse(request.lot_id.name, *names)

    def _check_dispatch(self, values):
        """Nobody is sent without knowing to what and where (R-S01, R-S05).

        :param values: arguments of the act
        :raise UserError: names the request and what must be asked
        """
        for request in self.sudo().filtered(lambda r: r.type == "fault"):
            missing = [
                request._fields[name]._description_string(self.env)
                for name in ("product_id", "address")
                if not request[name]
            ]
            if missing:
                raise UserError(
                    self.env._(
                        "%(request)s: ask the customer first: %(facts)s.",
                        request=request.name,
                        facts=", ".join(missing),
                    )
                )
