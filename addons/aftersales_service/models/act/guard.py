from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import frozendict, ormcache

PREFIX = "aftersales_"  # the technical names of our addons
ALWAYS = "always"


class Base(models.AbstractModel):
    """What a field declares is true for every client, whatever view or key is used.

    Guarded are the fields that addons of ours define, on their own models and on
    Odoo's. A field says in its declaration what a client (anybody but ``sudo()``) may
    do with it:

    - ``readonly=True``: only acts record it. Neither values of ``create`` and
      ``write``, nor context keys ``default_*``, nor personal defaults reach it;
    - ``fixed=True``: given once; from then on it stays;
    - ``parent=True``: fixed, and the row is locked when the record it points to is;
    - ``editable=("draft", …)``: changed in these states of its record only;
      ``editable="_filter_…"``: where this method of the model keeps the record;
      ``editable="always"``: even when the record is locked;
    - ``role="user"``: given and changed by people of this role in after-sales only.

    A model says in ``_locked_states`` in which states its records are proof.
    """

    _inherit = "base"

    _locked_states = ()

    def _valid_field_parameter(self, field, name):
        known = name in ("fixed", "parent", "editable", "role", "portal")
        return known or super()._valid_field_parameter(field, name)

    @api.model
    @ormcache("self._name")
    def _get_guarded(self):
        """The guarded fields of this model: name → readonly, parent, fixed or open.

        An Odoo field that an addon of ours only changes stays Odoo's; given one of the
        words above there, it keeps to this and is as readonly as Odoo wants it.
        """
        if self._transient:
            return frozendict()
        own = (self._original_module or "").startswith(PREFIX)
        modules = {
            name: field._modules[-1 if own else 0]
            for name, field in self._fields.items()
            if field._modules
        }
        ours = {n: _get_rule(self._fields[n]) for n in modules}
        odoos = {n: _get_word(self._fields[n]) for n in modules}
        rules = {
            name: (ours if module.startswith(PREFIX) else odoos)[name]
            for name, module in modules.items()
        }
        return frozendict((name, rule) for name, rule in rules.items() if rule)

    @api.model
    @ormcache("self._name")
    def _get_parents(self):
        """Names of the fields through which rows of this model belong to a record."""
        rules = self._get_guarded()
        return tuple(name for name, rule in rules.items() if rule == "parent")

    # ------------------------------------------------------------------
    # Creating and changing
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Only its declaration gives a protected field a default, also for the system.

        Keys of the context and personal defaults are input of the caller.
        """
        rules = self._get_guarded()
        acts = [name for name in fields if rules.get(name) == "readonly"]
        if not acts:
            return super().default_get(fields)
        defaults = super().default_get([name for name in fields if name not in acts])
        for name in acts:
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, False)
                defaults[name] = field.convert_to_write(value, self)
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su or not self._get_guarded():
            return super().create(vals_list)
        records = super().create(self._guard_create(vals_list))
        records._guard_parents()
        return records

    def _guard_create(self, vals_list):
        """The values without protected ones that only repeat what is there by itself.

        :raise UserError: a value of a protected field is given
        """
        rules = self._get_guarded()
        self._guard_roles({n for v in vals_list for n in v if n in rules and v[n]})
        given = {n for vals in vals_list for n in vals if rules.get(n) == "readonly"}
        if not given:
            return vals_list
        usual = self.default_get(list(given))
        told = {
            name
            for vals in vals_list
            for name in given & vals.keys()
            if vals[name] and vals[name] != usual.get(name)
        }
        if told:
            self.check_access("create")
            raise UserError(self._get_guard_refusal(told))
        return [{n: v for n, v in vals.items() if n not in given} for vals in vals_list]

    def write(self, vals):
        rules = self._get_guarded()
        if self.env.su or not self or rules.keys().isdisjoint(vals):
            return super().write(vals)
        result = super().write(self._guard_write(vals))
        if not vals.keys().isdisjoint(self._get_parents()):
            self._guard_parents()
        return result

    def _guard_write(self, vals):
        """The values without those of closed fields that change nothing.

        :raise UserError: a client changes what it may not
        """
        rules = self._get_guarded()
        named = [name for name in vals if name in rules]
        ruled = [n for n in named if getattr(self._fields[n], "role", None)]
        self._guard_roles(n for n in ruled if self._guard_changes(n, vals[n]))
        closed = {name for name in named if self._guard_closed(name, rules[name])}
        told = {name for name in closed if self._guard_changes(name, vals[name])}
        if told:
            self.check_access("write")
            raise UserError(self._get_guard_refusal(told))
        return {name: value for name, value in vals.items() if name not in closed}

    def _guard_closed(self, name, rule):
        """Whether a client may not change a field of any of these records."""
        records = self.sudo()
        if rule == "readonly":
            return True
        if rule in ("parent", "fixed") and any(record[name] for record in records):
            return True
        editable = getattr(self._fields[name], "editable", None)
        if editable == ALWAYS:
            return False
        if isinstance(editable, str):
            return getattr(records, editable)() != records
        if editable and any(record.state not in editable for record in records):
            return True
        return bool(records._filter_locked())

    def _guard_roles(self, names):
        """Refuse people without the role that fields need.

        :param names: fields that the caller gives or changes
        :raise AccessError: names the fields
        """
        told = {
            name
            for name in names
            if (role := getattr(self._fields[name], "role", None))
            and not self.env.user._is_aftersales(role)
        }
        if told:
            raise AccessError(
                self.env._("After-sales decides on: %s", self._labels(told))
            )

    def _guard_changes(self, name, value):
        """Whether writing a value changes one of these records."""
        field = self._fields[name]
        for record in self.sudo().with_context(bin_size=False):
            if field.type in ("one2many", "many2many"):
                if _changes_rows(record[name].ids, value):
                    return True
                continue
            try:
                new = field.convert_to_cache(value, record, validate=False)
            except (TypeError, ValueError):
                return True
            old = field.convert_to_cache(record[name], record, validate=False)
            if (new or old) and new != old:
                return True
        return False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_guarded(self):
        if not self.env.su and self._get_guarded():
            self._guard_locked()

    # ------------------------------------------------------------------
    # Locks
    # ------------------------------------------------------------------

    def _filter_locked(self):
        """Those of these records that are proof: no client changes them any more.

        A row is locked with the record that it belongs to. Models with another
        condition than their state extend this.
        """
        locked = self.browse()
        if self._locked_states:
            locked = self.filtered(lambda r: r.state in self._locked_states)
        for name in self._get_parents():
            owners = self.mapped(name)._filter_locked()
            locked |= self.filtered(lambda r, n=name, o=owners: r[n] in o)
        return locked

    def _guard_parents(self):
        if self._get_parents():
            self._guard_locked()

    def _guard_locked(self):
        locked = self.sudo()._filter_locked()
        if locked:
            raise UserError(locked[0]._get_lock_refusal())

    def _get_lock_refusal(self):
        return self.env._("%s is closed and can't be changed.", self.display_name)

    def _get_guard_refusal(self, names):
        """Why a client may not set these fields."""
        records = self.sudo()
        if self and not any(self._get_guarded()[name] == "readonly" for name in names):
            locked = records._filter_locked()
            if locked:
                return locked[0]._get_lock_refusal()
            return self.env._("This is given once and stays: %s", self._labels(names))
        return self.env._(
            "Record the act instead of writing its result: %s", self._labels(names)
        )

    def _labels(self, names):
        labels = [self._fields[n]._description_string(self.env) for n in sorted(names)]
        return ", ".join(labels)


def _get_rule(field):
    """The rule of a field of ours."""
    return "readonly" if field.readonly else _get_word(field) or "open"


def _get_word(field):
    """The rule that a field is given in so many words, Odoo's own fields too."""
    for word in ("parent", "fixed"):
        if getattr(field, word, False):
            return word
    given = getattr(field, "editable", None) or getattr(field, "role", None)
    return "open" if given else None


def _changes_rows(ids, commands):
    """Whether commands of a client change which rows a record has, or one of them."""
    for command in commands or ():
        if not isinstance(command, list | tuple):
            return set(commands) != set(ids)  # a plain list of ids
        if command[0] == Command.LINK and command[1] in ids:
            continue
        if command[0] == Command.SET and set(command[2]) == set(ids):
            continue
        return True
    return False
