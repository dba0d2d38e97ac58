from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...identity import phone_tokens, read_phones


class AftersalesPhoneMixin(models.AbstractModel):
    """Records that are found by their ``phone``, however it is written (R-N09).

    The column holds each number of the field and its last digits as words; the model
    declares the index over them: ``models.Index(PHONE_INDEX)``.
    """

    _name = "aftersales.phone.mixin"
    _description = "Found by Telephone Number"

    aftersales_phone_key = fields.Char(
        string="Phone as Compared",
        compute="_compute_aftersales_phone_key",
        compute_sudo=True,
        store=True,
        precompute=True,
        copy=False,
        groups="base.group_user",
    )

    @api.depends("phone")
    def _compute_aftersales_phone_key(self):
        for record in self:
            country = record._get_phone_country().code
            phones = read_phones(record.phone, country)
            record.aftersales_phone_key = phone_tokens(phones)

    def _get_phone_country(self):
        """Country whose national numbers the phone may be; empty for the usual one."""
        return self.env.company.country_id

    @api.model
    def _get_phone_domain(self, words):
        """Records whose phones have one of these words; found by the index.

        :param words: numbers of ``Phone``, or its last digits behind a ~
        """
        words = list(words)

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, "aftersales_phone_key", query)
            return SQL("string_to_array(%s::text, ' ') && %s::text[]", column, words)

        return Domain.custom(to_sql=to_sql) if words else Domain.FALSE
