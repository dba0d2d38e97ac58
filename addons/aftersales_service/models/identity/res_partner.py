from odoo import api, fields, models
from odoo.fields import Domain

from ...identity import name_key, read_phones, same_phone

MOST = 20  # customers that a refusal or the desk lists


class ResPartner(models.Model):
    """Customers are found by phone or name, however these are written (R-N09)."""

    _name = "res.partner"
    _inherit = ["aftersales.phone.mixin", "res.partner"]

    aftersales_name_key = fields.Char(
        string="Name as Compared",
        compute="_compute_aftersales_name_key",
        store=True,
        precompute=True,
        index=True,
        copy=False,
        groups="base.group_user",
    )

    _aftersales_phone_idx = models.Index(
        "USING gin (string_to_array(aftersales_phone_key::text, ' '))"
    )

    @api.depends("name")
    def _compute_aftersales_name_key(self):
        for partner in self:
            partner.aftersales_name_key = name_key(partner.name) or False

    @api.depends("country_id")
    def _compute_aftersales_phone_key(self):
        return super()._compute_aftersales_phone_key()

    def _get_phone_country(self):
        return self.country_id or super()._get_phone_country()

    @api.model
    def _aftersales_find_by_phone(self, text):
        """Customers who have a number, and those who may have it.

        A number without area code is no more than a hint to those that end alike.

        :param text: one number or several, as people write them
        :return: (certain, possible): partners whom the user may read
        """
        company = self.env.company
        where = (company.country_id.code, company.sudo().aftersales_area_code or "")
        wanted = read_phones(text, *where)
        found = self.search(
            self._get_phone_domain({f"~{phone.tail}" for phone in wanted})
            & Domain("company_id", "in", (False, company.id))
            & Domain("ref_company_ids", "=", False),  # we are not our own customer
            limit=MOST + 1,
        )
        certain, possible = self.browse(), self.browse()
        for partner in found:
            country = partner.country_id.code or where[0]
            phones = read_phones(partner.phone, country, where[1])
            pairs = [(one, other) for one in wanted for other in phones]
            surest = max((same_phone(*pair) for pair in pairs), default=0)
            certain |= partner if surest == 2 else certain
            possible |= partner if surest == 1 else possible
        return certain._aftersales_at_extension(wanted), possible

    def _aftersales_at_extension(self, wanted):
        """Of several who share a line, those at the extension that was named."""
        extensions = {phone.extension for phone in wanted}
        numbers = {phone.number for phone in wanted}
        if len(self) < 2:
            return self
        there = self.filtered(
            lambda partner: any(
                phone.extension in extensions
                for phone in read_phones(partner.phone, partner.country_id.code)
                if phone.number in numbers
            )
        )
        return there or self

    @api.model
    def _aftersales_find_by_name(self, name):
        """Customers of this name, whom the user may read; none for an empty one."""
        key = name_key(name)
        if not key:
            return self.browse()
        domain = Domain("aftersales_name_key", "=", key)
        domain &= Domain("company_id", "in", (False, self.env.company.id))
        return self.search(domain & Domain("ref_company_ids", "=", False), limit=MOST)

    def _aftersales_the_one(self):
        """The one customer that these partners are; nobody where they are several.

        Several contacts of one customer are that customer.
        """
        family = self.commercial_partner_id
        return self if len(self) == 1 else family if len(family) == 1 else self.browse()
