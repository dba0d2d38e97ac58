def migrate(cr, version):
    """Promises of requests belong to the request's team; reports count by it."""
    cr.execute(
        """UPDATE aftersales_sla_clock c SET team_id = r.team_id
             FROM aftersales_request r
            WHERE c.res_model = 'aftersales.request' AND c.res_id = r.id
              AND c.team_id IS NULL"""
    )
