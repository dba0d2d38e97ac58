"""Meetings were fields of the plan; sessions had no state; the period was 90 days."""

from odoo import SUPERUSER_ID, api

MEETINGS = """
INSERT INTO aftersales_training_handover
    (plan_id, name, partner_id, company_id, state, held_at, minutes,
     commissioning_report, operating_manual, create_uid, create_date)
SELECT p.id, 'H-' || o.name, p.partner_id, p.company_id, 'held', p.handover_held_at,
       p.handover_minutes, TRUE, TRUE, p.create_uid, p.handover_held_at
  FROM aftersales_training_plan p JOIN sale_order o ON o.id = p.order_id
 WHERE p.handover_held_at IS NOT NULL
    ON CONFLICT DO NOTHING
"""
PEOPLE = """
INSERT INTO aftersales_training_handover_participant
    (handover_id, name, side, create_date)
SELECT h.id, p.handover_participants, 'customer', p.handover_held_at
  FROM aftersales_training_handover h
  JOIN aftersales_training_plan p ON p.id = h.plan_id
 WHERE p.handover_participants IS NOT NULL
"""
SESSIONS = """
UPDATE event_event e
   SET aftersales_counts = t.kind NOT IN ('observation', 'handover'),
       aftersales_pass_mark = 0,
       aftersales_state = CASE
           WHEN p.is_cancelled THEN 'cancelled'
           WHEN e.date_end < now() AT TIME ZONE 'utc' THEN 'done'
           WHEN e.aftersales_chosen_at IS NOT NULL THEN 'chosen'
           ELSE 'proposed' END
  FROM aftersales_training_plan p, aftersales_training_template t
 WHERE p.id = e.aftersales_plan_id AND t.id = e.aftersales_template_id
   AND e.aftersales_state IS NULL
"""
TEMPLATES = """
UPDATE aftersales_training_template SET counts = FALSE
 WHERE kind IN ('observation', 'handover')
"""
TARGET = """
UPDATE aftersales_sla_target
   SET limit_unit = 'moment', moment = 'period_end', limit_value = 0
 WHERE code = 'trained' AND limit_unit = 'day' AND limit_value = 90
"""
COMMISSIONED = """
UPDATE aftersales_training_plan p SET commissioned_at = c.started_at
  FROM aftersales_sla_clock c
 WHERE c.res_model = 'aftersales.training.plan' AND c.res_id = p.id
   AND c.code = 'handover' AND p.commissioned_at IS NULL
"""


def migrate(cr, version):
    """Keep what was recorded, in its new place."""
    cr.execute(
        "SELECT 1 FROM information_schema.columns"
        " WHERE table_name = 'aftersales_training_plan'"
        " AND column_name = 'handover_minutes'"
    )
    if cr.fetchone():
        cr.execute(MEETINGS)
        cr.execute(PEOPLE)
    for statement in (SESSIONS, TEMPLATES, TARGET, COMMISSIONED):
        cr.execute(statement)
    plans = api.Environment(cr, SUPERUSER_ID, {})["aftersales.training.plan"]
    plans.search([])._compute_people()
