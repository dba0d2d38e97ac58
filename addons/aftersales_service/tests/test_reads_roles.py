from odoo.exceptions import AccessError
from odoo.tests import tagged

from .reads_common import OURS, ReadsCase, is_ours

INTERNAL_BY_ODOO = {"hr.employee"}  # read through hr.employee.public


@tagged("post_install", "-at_install")
class TestReadsRoles(ReadsCase):
    """Generated: whoever may read a record reads it whole (R-E07)."""

    def test_no_field_leads_where_its_reader_may_not_go(self):
        """R-E07: every list of records in every model × every role."""
        closed = [
            f"{role}: {model._name}.{field.name} → {field.comodel_name}"
            for role in self.users
            for model in self.models_of(role)
            for field in model._fields.values()
            if field.type in ("one2many", "many2many")
            and is_ours(field)
            and field.comodel_name not in INTERNAL_BY_ODOO
            and model._has_field_access(field, "read")
            and not model.env[field.comodel_name].has_access("read")
        ]
        self.assertEqual(closed, [])

    def test_records_are_read_whole(self):
        """R-E07: ``read()`` without a list of fields, every model × every role.

        On Odoo's models our fields are read: nothing of ours makes the rest fail.
        """
        failures = []
        for role in self.users:
            for model in self.models_of(role):
                names = self.get_names(model)
                try:
                    records = model.search([], limit=5)
                    records.invalidate_recordset()
                    with self.env.cr.savepoint():
                        records.read(names)
                except AccessError:
                    failures += self.find_closed(role, model, names)
        self.assertFalse(failures, "\n".join(failures))

    def get_names(self, model):
        names = [
            name
            for name, field in model._fields.items()
            if (is_ours(field) or model._name.startswith(OURS))
            and model._has_field_access(field, "read")
        ]
        return sorted(names)

    def find_closed(self, role, model, names):
        """Which fields these are."""
        try:
            records = model.search([], limit=1)
        except AccessError as refusal:
            yield f"{role}: {model._name}: {refusal}"
            return
        for name in names:
            records.invalidate_recordset([name], flush=False)
            try:
                records.read([name])
            except AccessError as refusal:
                yield f"{role}: {model._name}.{name}: {str(refusal)[:90]}"
