from odoo import fields, models

from odoo.addons.aftersales_service.models.act.declaration import act

from .training_plan import LIVE


class AftersalesTrainingPlan(models.Model):
    """Certificates for those who are trained (R-T07)."""

    _inherit = "aftersales.training.plan"

    @act("issue_certificates", states=LIVE)
    def action_issue_certificates(self, ref=None):
        """Issue certificates to all who are trained and have none (R-T07).

        Nothing is printed here: each is rendered when somebody opens it.

        :param ref: the caller's own reference of this act, for a retry
        :return: list of ids of the new certificates
        """
        vals_list = []
        for plan in self.sudo():
            people = plan._get_people()
            waiting = people.filtered(lambda p: p.is_trained and not p.certificate_id)
            numbers = plan.certificate_ids.mapped("number")
            seats = plan.event_ids.registration_ids.filtered(
                lambda r: r.state == "done" and r.event_id.aftersales_counts
            )
            by_person = seats.grouped("aftersales_person_key")
            for number, person in enumerate(waiting, max(numbers, default=0) + 1):
                attended = by_person.get(person.person_key, seats.browse())
                vals_list.append(plan._prepare_certificate(person, number, attended))
        certificates = self.env["aftersales.training.certificate"].sudo()
        return certificates.create(vals_list).ids

    def _prepare_certificate(self, person, number, attended):
        company = self.company_id
        return {
            "plan_id": self.id,
            "number": number,
            "person_key": person.person_key,
            "person_name": person.name,
            "role": person.role,
            "score": person.score,
            "issued_on": company._aftersales_now_local().date(),
            "course_ids": [
                fields.Command.create(
                    {
                        "template_id": event.aftersales_template_id.id,
                        "held_on": company._aftersales_to_local(
                            event.date_begin
                        ).date(),
                        "hours": (event.date_end - event.date_begin).seconds / 3600,
                    }
                )
                for event in attended.event_id
            ],
        }
