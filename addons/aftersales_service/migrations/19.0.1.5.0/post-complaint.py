from odoo import SUPERUSER_ID, api

SHIPPED = {
    "cause_circuit": "cause_root_quality",
    "cause_device": "cause_root_quality",
    "cause_structure": "cause_root_quality",
    "cause_product": "cause_root_quality",
    "cause_misuse": "cause_root_customer",
}


def migrate(cr, version):
    """Shipped causes take their places in the tree; who answered has a row (R-C05)."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, root in SHIPPED.items():
        cause = env.ref(f"aftersales_service.{name}", raise_if_not_found=False)
        parent = env.ref(f"aftersales_service.{root}", raise_if_not_found=False)
        if cause and parent and not cause.parent_id:
            cause.parent_id = parent
    cr.execute(
        """INSERT INTO aftersales_responsible
                  (request_id, company_id, department_id, employee_id, share,
                   create_uid, create_date, write_uid, write_date)
           SELECT id, company_id, responsible_department_id, responsible_employee_id,
                  100, 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC'
             FROM aftersales_request request
            WHERE (responsible_department_id IS NOT NULL
                   OR responsible_employee_id IS NOT NULL)
              AND NOT EXISTS (SELECT 1 FROM aftersales_responsible known
                               WHERE known.request_id = request.id)"""
    )
