from odoo import api, fields, models


class AftersalesNumberedMixin(models.AbstractModel):
    """A document with a number of its company's sequence, whose code is the model."""

    _name = "aftersales.numbered.mixin"
    _description = "Numbered Document"

    name = fields.Char(compute="_compute_name", store=True, copy=False, portal=True)

    @api.depends("company_id")
    def _compute_name(self):
        """Numbered when it is saved: a form that is only opened takes no number."""
        for company, records in self.grouped("company_id").items():
            new = records.filtered(lambda r: isinstance(r.id, int) and not r.name)
            sequence = self.env["ir.sequence"].with_company(company)
            names = sequence._next_names(self._name, len(new)) if new else ()
            for record, name in zip(new, names, strict=True):
                record.name = name
            for record in records - new:
                record.name = record.name
