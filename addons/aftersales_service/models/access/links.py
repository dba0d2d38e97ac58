from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...tools import OURS, is_id, is_number, is_ours, is_time


class Base(models.AbstractModel):
    """What a client may link with our fields: records that it may read.

    Whoever may point a record at another one often gets to see that other one: a
    visit opens its request, a request the customer. Therefore each new value of a
    relational field of ours is looked up with the client's own rights, wherever it
    comes from: create, write, nested rows, import. What the system links, with
    ``sudo()`` after its own checks, passes.
    """

    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_client_values(vals_list)
            if not self._transient:  # the act behind a dialog looks itself
                self._check_readable_links(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_client_values([vals])
            self._check_parents(vals)
            self._check_readable_links([vals])
        return super().write(vals)

    def unlink(self):
        if not self.env.su and self._original_module.startswith(OURS):
            self._check_shared()
        return super().unlink()

    def _check_shared(self):
        """What serves every company isn't deleted by the manager of one of them.

        :raise UserError: names what could be done instead
        """
        shared = self.sudo()._get_shared() if not self._transient else None
        companies = self.env["res.company"].sudo()
        if shared and companies.search_count([]) > len(self.env.user.company_ids):
            raise UserError(
                self.env._(
                    "%s serves every company: archive or replace it, or ask somebody"
                    " who works for all of them to delete it.",
                    shared[0].display_name,
                )
            )

    def _get_shared(self):
        """Those of these records that belong to no company."""
        if "company_id" in self._fields:
            return self.filtered(lambda record: not record.company_id)
        parents = [f.name for f in self._fields.values() if self._is_parent(f)]
        return self.filtered(
            lambda record: all(record[name]._get_shared() for name in parents)
        )

    def ensure_one(self):
        """A method for one record, called on none or several, is refused in words."""
        if len(self._ids) != 1 and self._name.startswith("aftersales."):
            raise UserError(
                self.env._("%s: choose exactly one record.", self._description)
            )
        return super().ensure_one()

    def _check_readable_links(self, vals_list):
        """Refuse new links to records that the caller may not read.

        :param vals_list: values for ``create``, or one dict for the records in self
        :raise AccessError: names the field and what is out of reach
        """
        wanted = defaultdict(set)
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if field is not None and field.relational and is_ours(field):
                    wanted[field] |= _linked_ids(field, value)
        for field, ids in wanted.items():
            known = self.sudo()[field.name].ids if self else ()
            self._check_reach(field, ids.difference(known))

    def _check_reach(self, field, ids):
        if not ids:
            return
        records = self.env[field.comodel_name].with_context(active_test=False)
        missing = ids.difference(records.search([("id", "in", list(ids))]).ids)
        if missing:
            raise AccessError(
                self.env._(
                    "%(field)s: %(ids)s can't be chosen, because you may not open it.",
                    field=field._description_string(self.env),
                    ids=", ".join(map(str, sorted(missing))),
                )
            )

    def _check_parents(self, vals):
        """A row belongs to the record that it was made for and stays there.

        :raise UserError: a client points rows at another parent
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if (
                field is not None
                and self._is_parent(field)
                and any(row[name].id != (value or False) for row in self.sudo())
            ):
                raise UserError(
                    self.env._(
                        "%(field)s: it can't be changed. Make a new one there instead.",
                        field=field._description_string(self.env),
                    )
                )

    def _is_parent(self, field):
        """Whether a field leads from a row to the record whose list it is in."""
        return (
            field.type == "many2one"
            and field.required
            and is_ours(field)
            and not self._transient
            and any(
                inverse.type == "one2many"
                for inverse in self.pool.field_inverses[field]
            )
        )

    def _check_client_values(self, vals_list):
        """Refuse what is no value of its field, in words instead of a fault.

        :raise UserError: names the field and the value
        """
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if field is None:
                    if self._name.startswith("aftersales."):
                        raise UserError(self.env._("Unknown values: %s", name))
                elif is_ours(field) and not self._is_possible(field, value):
                    raise UserError(
                        self.env._(
                            "%(label)s: “%(value)s” is not possible.",
                            label=field._description_string(self.env),
                            value=str(value)[:80],
                        )
                    )

    def _is_possible(self, field, value):
        if value is None or value is False:
            return True
        if field.type == "many2one":
            return is_id(value)
        if field.type in ("integer", "float", "monetary", "many2one_reference"):
            return is_number(value)
        if field.type in ("date", "datetime"):
            return is_time(value)
        if field.type == "selection":
            return isinstance(value, str) and value in field.get_values(self.env)
        if field.type in ("one2many", "many2many"):
            return isinstance(value, list | tuple) and all(map(_is_command, value))
        return not isinstance(value, str) or "\0" not in value


def _is_command(command):
    """Whether a value is the id of a record or one of Odoo's commands for lists."""
    if not isinstance(command, list | tuple):
        return is_id(command)
    kind = command[0] if command else None  # Odoo's own are an IntEnum
    return isinstance(kind, int) and not isinstance(kind, bool) and 0 <= kind <= 6


def _linked_ids(field, value):
    """Ids of the records that a value links newly with a field."""
    if field.type == "many2one":
        return {value} if value else set()
    ids = set()
    for command in value or ():
        if not isinstance(command, list | tuple):
            ids.add(command)
        elif command[0] == Command.LINK:
            ids.add(command[1])
        elif command[0] == Command.SET:
            ids.update(command[2])
    return ids
