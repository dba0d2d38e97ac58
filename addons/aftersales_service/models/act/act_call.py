import json

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError

from . import seal

LONGEST = 200  # characters of a reference


class AftersalesActCall(models.Model):
    """One call of a public method: what was asked, and the answer (R-E03).

    A call with a reference (``ref``) that comes again (the answer was lost, or two came
    at once) finds the answer of the first and changes nothing.
    """

    _name = "aftersales.act.call"
    _description = "After-sales Act Call"
    _log_access = False
    _rec_name = "method"

    user_id = fields.Integer(required=True, readonly=True)
    res_model = fields.Char(required=True, readonly=True)
    method = fields.Char(required=True, readonly=True)
    ref = fields.Char(readonly=True)
    arguments = fields.Char(required=True, readonly=True, help="Digest of them.")
    answer = fields.Text(readonly=True, help="JSON")
    at = fields.Datetime(required=True, readonly=True)

    _ref_uniq = models.UniqueIndex("(user_id, res_model, method, ref)")

    @api.model
    def _check_ref(self, ref):
        usable = isinstance(ref, str) and len(ref) <= LONGEST and "\0" not in ref
        if ref and not usable:
            raise UserError(
                self.env._("“ref” is a text of at most %s characters.", LONGEST)
            )

    @api.model
    def _find_answer(self, call):
        """The answer of the same call that was made before.

        :param call: dict of user_id, res_model, method, ref and arguments
        :return: tuple of the answer, or None when it wasn't made
        :raise UserError: the reference was used with other arguments
        """
        self.env.cr.execute(
            """SELECT arguments, answer FROM aftersales_act_call
                WHERE user_id = %(user_id)s AND res_model = %(res_model)s
                  AND method = %(method)s AND ref = %(ref)s""",
            call,
        )
        found = self.env.cr.fetchone()
        if not found:
            return None
        if found[0] != call["arguments"]:
            raise UserError(
                self.env._(
                    "The reference %s was used with other values: give each act one of"
                    " its own.",
                    call["ref"],
                )
            )
        return (json.loads(found[1]),)

    @api.model
    def _record(self, call, answer):
        """Keep a call with its answer.

        The second of two at once waits here and finds no row of its own to add: it is
        tried again from the beginning and then finds the answer.

        :return: id of the row
        """
        self.env.cr.execute(
            """INSERT INTO aftersales_act_call
                      (user_id, res_model, method, ref, arguments, answer, at)
               VALUES (%(user_id)s, %(res_model)s, %(method)s, %(ref)s, %(arguments)s,
                       %(answer)s, %(at)s)
               ON CONFLICT DO NOTHING RETURNING id""",
            call | {"answer": seal.canonical(answer), "at": fields.Datetime.now()},
        )
        row = self.env.cr.fetchone()
        if not row:
            raise ConcurrencyError(self.env._("The same call is under way."))
        return row[0]
