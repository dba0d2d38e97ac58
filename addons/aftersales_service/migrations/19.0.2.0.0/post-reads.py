RULES = {
    "visit_rule_portal": "[('mode', '=', 'onsite'), ('partner_id', 'child_of',"
    " [user.commercial_partner_id.id])]",
    "part_line_rule_portal": "[('is_shown', '=', True), ('partner_id', 'child_of',"
    " [user.commercial_partner_id.id])]",
}


def migrate(cr, version):
    """What customers read (R-E07): shipped rules and promises aren't updated."""
    for name, domain in RULES.items():
        cr.execute(
            """UPDATE ir_rule SET domain_force = %s
                WHERE id IN (SELECT res_id FROM ir_model_data
                              WHERE module = 'aftersales_service' AND name = %s
                                AND model = 'ir.rule')""",
            (domain, name),
        )
    cr.execute(
        """UPDATE aftersales_sla_target target SET is_internal = TRUE
             FROM aftersales_sla_policy policy
            WHERE policy.id = target.policy_id
              AND policy.subject = 'aftersales.request'
              AND target.stop_event IN ('assigned', 'dispatched')"""
    )
