def migrate(cr, version):
    """Liability rules may apply to every company (R-M01)."""
    cr.execute(
        """UPDATE ir_rule
              SET domain_force = '[(''company_id'', ''in'', [False, *company_ids])]'
            WHERE id IN (SELECT res_id FROM ir_model_data
                          WHERE module = 'aftersales_service'
                            AND name = 'liability_rule_rule_company')"""
    )
