from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    aftersales_documents = fields.Text(
        string="Documents Handed Over",
        help="One document on each line: manual, drawings, certificate… They are"
        " checked at the acceptance (R-A05).",
    )
    aftersales_imported = fields.Boolean(
        string="Imported Goods",
        help="Come with a manual in Chinese and in English (R-A05).",
    )
    aftersales_criteria = fields.Text(
        string="Acceptance Criteria",
        help="One criterion on each line, checked besides quantity, model, appearance,"
        " function and originality (R-A01).",
    )


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_acceptance_documents(self):
        """Names of the documents that are handed over with a product (R-A05)."""
        names = _lines(self.aftersales_documents)
        if self.aftersales_imported:
            manuals = (self.env._("Manual, Chinese"), self.env._("Manual, English"))
            names += [manual for manual in manuals if manual not in names]
        return names

    def _get_acceptance_criteria(self):
        """Names of what the product must fulfil besides (R-A01)."""
        return _lines(self.aftersales_criteria)


def _lines(text):
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
