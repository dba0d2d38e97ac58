from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import ormcache

from ...concurrency import serialize
from ...tools import act_time
from . import declaration as declared


class AftersalesActMixin(models.AbstractModel):
    """What a business model inherits to have its acts declared, checked and logged."""

    _name = "aftersales.act.mixin"
    _description = "Acts"

    possible_acts = fields.Char(
        compute="_compute_possible_acts",
        groups="base.group_user",
        help="Codes of the acts that the reader may do now, for buttons and phone.",
    )

    @api.depends_context("uid")
    def _compute_possible_acts(self):
        user = self.env.user
        acts = [
            act
            for act in self._get_acts().values()
            if not act.role or self.env.su or user._is_aftersales(act.role)
        ]
        for record in self:
            codes = [
                act.code
                for act in acts
                if act.states is None or record.state in act.states
            ]
            record.possible_acts = " ".join(codes)

    @api.model
    def _get_acts(self):
        """The acts declared on this model: code → declaration."""
        names = self._get_act_names()
        return {code: getattr(type(self), n).aftersales_act for code, n in names}

    @api.model
    @ormcache("self._name")
    def _get_act_names(self):
        cls = type(self)
        methods = [
            (act.code, name)
            for name in dir(cls)
            if (act := getattr(getattr(cls, name, None), "aftersales_act", None))
        ]
        return tuple(methods)

    def action_press(self, code):
        """Do an act that needs no values, from a button.

        :param code: one of ``possible_acts``
        :return: the window action that the act opens, or False
        :raise UserError: there is no such act
        """
        act = self._get_acts().get(code) if isinstance(code, str) else None
        if not act:
            raise UserError(self.env._("There is no act “%s” here.", code))
        answer = getattr(self, act.method)()
        is_action = isinstance(answer, dict) and "ir.actions" in answer.get("type", "")
        return answer if is_action else False

    # ------------------------------------------------------------------
    # What the declaration means
    # ------------------------------------------------------------------

    def _act_check_rights(self, act):
        """Whoever calls has the right on the records, and the role.

        :raise AccessError: one of both is missing
        """
        if not self and not act.creates:
            raise UserError(self.env._("Choose at least one record."))
        if act.access:
            self.check_access("create" if act.creates else act.access)
        if act.role and not (self.env.su or self.env.user._is_aftersales(act.role)):
            group = self.env.ref(f"aftersales_service.group_aftersales_{act.role}")
            raise AccessError(
                self.env._(
                    "This needs the role “%s” in after-sales.", group.sudo().name
                )
            )

    def _act_check(self, act, values):
        """The act is possible in the state of each record, and for its rooms.

        :raise UserError: says which record is in which state, and what is needed
        """
        if act.states is not None:
            serialize(self)  # of two acts at once the second sees what the first did
            self.sudo()._act_check_states(act.states)
        check = getattr(self, f"_check_{act.code}", None)
        if check:
            check(values)

    def _act_check_states(self, states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for record in self:
            if record.state not in states:
                raise UserError(
                    self.env._(
                        "%(record)s is “%(state)s”; this is possible in: %(states)s.",
                        record=record.display_name,
                        state=labels[record.state],
                        states=", ".join(labels[state] for state in states),
                    )
                )

    def _act_moments(self, act, at):
        """When it happened to each record: id → naive UTC, not before the step before.

        :raise UserError: no time, in the future, or before the preceding fact
        """
        records = self.sudo()
        if not act.after:
            moment = act_time(self.env, at)
            return dict.fromkeys(records.ids, moment)
        step = self._fields[act.after]._description_string(self.env)
        return {r.id: act_time(self.env, at, r[act.after], step) for r in records}

    def _act_at(self):
        """When the act under way happened to this record, as naive UTC time."""
        return declared.moment_of(self) or fields.Datetime.now()

    def _act_finish(self, act, values, moments, answer):
        """Write state and time, tell the ledger, go on in the rooms; the answer."""
        records = self.sudo()
        for moment in sorted(set(moments.values())):
            group = records.filtered(lambda r, m=moment: moments[r.id] == m)
            facts = {"state": act.to} if act.to else {}
            if act.stamp:
                facts[act.stamp] = moment
            if facts:
                group.write(facts)
            if act.event:
                group._sla_event(act.event, moment)
        after = getattr(self, f"_after_{act.code}", None)
        if after:
            after(values)
        if answer is None or (isinstance(answer, dict) and "type" not in answer):
            return self._act_answer(act) | (answer or {})
        return answer

    def _act_answer(self, act):
        """What an act tells a program: id, state and time of the last record."""
        record = self.sudo()[-1:]
        facts = {"id": record.id}
        if "state" in self._fields:
            facts["state"] = record.state
        if act.stamp:
            facts[act.stamp] = fields.Datetime.to_string(record[act.stamp])
        return facts

    # ------------------------------------------------------------------
    # The log
    # ------------------------------------------------------------------

    def _act_log(self, code, values=None, moments=None, own=False, grade="server"):
        """Add a row for each of these records to the log.

        For what no declared act says: overrides of Odoo's methods, scheduled actions.

        :param code: name of the act
        :param values: dict of plain data
        :param moments: dict of id → naive UTC time; empty means now
        :param grade: how sure the time is, see ``aftersales.act``
        """
        now = fields.Datetime.now()
        common = {
            "res_model": self._name,
            "code": code,
            "user_id": self.env.uid,
            "origin": declared.get_origin(self.env),
            "grade": grade,
            "values": declared.plain(values or {}),
        }
        rows = [
            common
            | {
                "res_id": record.id,
                "res_name": record.display_name,
                "at": (moments or {}).get(record.id) or now,
                "company": (record._act_company() or self.env.company).id,
            }
            for record in self.sudo()
        ]
        declared.add_rows(self, rows, own)

    def _log(self, text):
        """Write one line into the chatter of each of these records.

        :param text: translated text
        """
        self._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    def _act_company(self):
        return self.company_id if "company_id" in self._fields else self.env.company
