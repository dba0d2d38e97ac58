"""Acts of the past are taken over from the facts that they left, marked as such."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

PAGE = 1000
# model → field with the moment of the fact → code of the act
FACTS = {
    "aftersales.request": {
        "assigned_at": "assign",
        "replied_at": "reply",
        "planned_at": "plan",
        "dispatched_at": "dispatch",
        "arrived_at": "arrive",
        "restored_at": "restore",
        "report_sent_at": "report",
        "closed_at": "close",
    },
    "aftersales.visit": {
        "confirmed_at": "confirm",
        "departed_at": "depart",
        "arrived_at": "arrive",
        "completed_at": "complete",
        "proof_filed_at": "file_proof",
    },
    "aftersales.acceptance": {"signed_on": "sign"},
    "aftersales.measure": {"done_at": "done", "effect_checked_at": "check_effect"},
}


def migrate(cr, version):
    """One row for each fact, in the order in which they happened."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for model, facts in FACTS.items():
        last = 0
        while rows := _fetch(env, env[model], facts, last):
            last = rows[-1][0]
            acts = [act for row in rows for act in _get_acts(model, facts, row)]
            if acts:
                env["aftersales.act"]._write_rows(acts)


def _fetch(env, model, facts, last):
    columns = SQL(", ").join(SQL.identifier(name) for name in facts)
    return env.execute_query(
        SQL(
            "SELECT id, name, company_id, %s FROM %s"
            " WHERE id > %s ORDER BY id LIMIT %s",
            columns,
            SQL.identifier(model._table),
            last,
            PAGE,
        )
    )


def _get_acts(model, facts, row):
    record_id, name, company_id, *moments = row
    told = [(at, code) for at, code in zip(moments, facts.values(), strict=True) if at]
    return [
        {
            "res_model": model,
            "res_id": record_id,
            "res_name": name,
            "code": code,
            "at": at,
            "user_id": SUPERUSER_ID,
            "origin": "scheduler",
            "call_id": None,
            "parent": None,
            "company": company_id,
            "grade": "taken_over",
            "values": {},
        }
        for at, code in sorted(told)
    ]
