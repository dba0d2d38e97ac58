from odoo import models
from odoo.exceptions import UserError

COLUMNS = (
    "registered_on",
    "request_id",
    "order_id",
    "partner_id",
    "kind",
    "product_id",
    "quantity",
    "lot_id",
    "new_lot_id",
    "reason",
    "cause_id",
    "quality_class",
    "responsible_department_id",
    "responsible_employee_id",
    "parts_supplied",
    "returned_at",
    "replaced_at",
    "refund_state",
    "state",
)
MOST = 500  # chosen rows; their ids travel in the address


class AftersalesExchange(models.Model):
    """The register as a workbook (R-X05)."""

    _inherit = "aftersales.exchange"

    def action_export_register(self):
        """Download these rows as a workbook; none chosen: those of this year.

        :return: action that opens the download
        """
        if len(self) > MOST:
            raise UserError(
                self.env._("Choose at most %s rows, or none for the whole year.", MOST)
            )
        self.check_access("read")
        chosen = "?ids=" + ",".join(map(str, self.ids)) if self else ""
        return {
            "type": "ir.actions.act_url",
            "url": f"/aftersales/exchanges.xlsx{chosen}",
            "target": "download",
        }

    def _get_register_table(self):
        """Heading and rows of the workbook, in words.

        :return: list of lists; times are aware datetimes in the company's time zone
        """
        heading = [self._fields[n]._description_string(self.env) for n in COLUMNS]
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in COLUMNS
            if self._fields[name].type == "selection"
        }
        company = self.env.company
        table = [heading]
        for values in self.read(COLUMNS):
            row = []
            for name in COLUMNS:
                value = values[name]
                if name in labels:
                    value = labels[name].get(value)
                elif self._fields[name].type == "many2one":
                    value = value and value[1]
                elif self._fields[name].type == "datetime":
                    value = value and company._aftersales_to_local(value)
                row.append(value or "")
            table.append(row)
        return table
