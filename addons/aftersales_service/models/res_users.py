import logging

import psycopg2
from markupsafe import Markup

from odoo import SUPERUSER_ID, fields, models

_logger = logging.getLogger(__name__)

LISTED = 50  # records named in one message; the rest are counted


class ResUsers(models.Model):
    _inherit = "res.users"

    def _aftersales_assign(
        self, records, text, note=None, activity_type="mail.mail_activity_data_todo"
    ):
        """Give each of these users a task on each record, and one message for all.

        :param records: records with activities and a display name
        :param text: function of (record, env in the user's language) → summary
        :param note: the same for the note, optional
        :param activity_type: external id, for tasks that end by themselves
        """
        type_id = self.env.ref(activity_type).id
        model_id = self.env["ir.model"]._get_id(records._name)
        for user in self:
            env = records.with_context(lang=user.lang).env
            summaries = {record: text(record, env) for record in records}
            vals_list = [
                {
                    "activity_type_id": type_id,
                    "summary": summary,
                    "note": note and note(record, env),
                    "date_deadline": fields.Date.context_today(user),
                    "automated": True,
                    "user_id": user.id,
                    "res_model_id": model_id,
                    "res_id": record.id,
                }
                for record, summary in summaries.items()
            ]
            activities = self.env["mail.activity"].sudo()  # whoever acts may tell
            activities.with_context(mail_activity_quick_update=True).create(vals_list)
            listed = list(summaries.items())[:LISTED]
            lines = [f"{record.display_name}: {summary}" for record, summary in listed]
            if len(summaries) > LISTED:
                lines.append(env._("and %s more", len(summaries) - LISTED))
            user._aftersales_notify(summaries[records[:1]], lines)

    def _aftersales_notify(self, subject, lines):
        """One message to these users that lists what concerns them.

        :param subject: translated title
        :param lines: translated texts
        """
        if not self:
            return
        items = Markup().join(Markup("<li>%s</li>") % line for line in lines)
        # from the system: whoever acts may have no address, as customers in the portal
        self.env["mail.thread"].with_user(SUPERUSER_ID).message_notify(
            partner_ids=self.partner_id.ids,
            subject=subject,
            body=Markup("<ul>%s</ul>") % items,
            force_send=False,
        )

    def _aftersales_try_notify(self, subject, lines):
        """The same where many are told: one who can't be told keeps nobody waiting."""
        try:
            with self.env.cr.savepoint():
                self._aftersales_notify(subject, lines)
        except psycopg2.OperationalError:
            raise  # another process was faster: all of it is done again
        except Exception:  # pylint: disable=broad-except
            _logger.exception("%s could not be told: %s", self, subject)

    def _is_aftersales(self, role):
        """Whether the user has a role in after-sales; the system has all of them.

        :param role: "technician", "user", "supervisor" or "manager"
        """
        group = f"aftersales_service.group_aftersales_{role}"
        return self.id == SUPERUSER_ID or self.has_group(group)
