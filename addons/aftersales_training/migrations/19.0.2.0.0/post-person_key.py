from odoo import SUPERUSER_ID, api
from odoo.tools import split_every

from odoo.addons.aftersales_training.tools import normalise_phone, person_key

BATCH = 2000


def migrate(cr, version):
    """One phone may be several people's: the name belongs to the key (R-N09).

    Where two seats of one session would become one person they stay as they are.
    """
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    people = env["event.registration"].search([("aftersales_plan_id", "!=", False)])
    for batch in split_every(BATCH, people.ids):
        for person in people.browse(batch):
            plan = person.aftersales_plan_id
            phone = normalise_phone(plan.company_id, person.phone)
            key = person_key(person.name, phone, person.aftersales_id_number)
            _rename(cr, person, plan, key)
        env.invalidate_all()


def _rename(cr, person, plan, key):
    old = person.aftersales_person_key
    cr.execute(
        """UPDATE event_registration SET aftersales_person_key = %(key)s
            WHERE id = %(id)s AND aftersales_person_key IS DISTINCT FROM %(key)s
              AND NOT EXISTS (
                  SELECT 1 FROM event_registration other
                   WHERE other.event_id = %(event)s AND other.id <> %(id)s
                     AND other.aftersales_person_key = %(key)s)""",
        {"key": key, "id": person.id, "event": person.event_id.id},
    )
    if cr.rowcount:
        cr.execute(
            """UPDATE aftersales_training_certificate SET person_key = %s
                WHERE plan_id = %s AND person_key = %s AND person_name = %s""",
            [key, plan.id, old, person.name],
        )
