RULES = {
    "sla_clock_rule_employee": "",
    "sla_pause_rule_employee": "clock_id.",
    "sla_escalation_rule_employee": "clock_id.",
}
DOMAIN = (
    "['|', '|', ('{0}user_id', '=', user.id),"
    " ('{0}employee_id.user_id', '=', user.id),"
    " ('{0}order_id.user_id', '=', user.id)]"
)


def migrate(cr, version):
    """Promises have a technician, who may read them."""
    cr.execute(
        """UPDATE aftersales_sla_clock c SET employee_id = r.employee_id
             FROM (SELECT aftersales_request_id AS id,
                          min(hr_employee_id) AS employee_id
                     FROM aftersales_request_hr_employee_rel GROUP BY 1) r
            WHERE c.res_model = 'aftersales.request' AND c.res_id = r.id"""
    )
    cr.execute(
        """UPDATE aftersales_sla_clock c SET employee_id = v.lead_employee_id
             FROM aftersales_visit v
            WHERE c.res_model = 'aftersales.visit' AND c.res_id = v.id"""
    )
    for name, path in RULES.items():
        cr.execute(
            """UPDATE ir_rule SET domain_force = %s
                WHERE id IN (SELECT res_id FROM ir_model_data
                              WHERE module = 'aftersales_service' AND name = %s)""",
            [DOMAIN.format(path), name],
        )
