from odoo.exceptions import AccessError
from odoo.tests import tagged

from .reads_common import ReadsCase, is_ours

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
        """R-E07: ``read()`` without a list of fields, every model × every role."""
        failures = []
        for role in self.users:
            for model in self.models_of(role):
                records = model.search([], limit=5)
                self.env.invalidate_all()
                try:
                    with self.env.cr.savepoint():
                        records.read()
                except AccessError:
                    failures += self.find_closed(role, records)
        self.assertEqual(failures, [])

    def find_closed(self, role, records):
        """Which fields of ours these are; Odoo's own may be closed to a role."""
        for name, field in records._fields.items():
            if not records._has_field_access(field, "read"):
                continue
            self.env.invalidate_all()
            try:
                with self.env.cr.savepoint():
                    records.read([name])
            except AccessError as refusal:
                ours = "" if is_ours(field) else " (Odoo's)"
                yield f"{role}: {records._name}.{name}{ours}: {str(refusal)[:90]}"
