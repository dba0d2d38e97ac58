def migrate(cr, version):
    """The cut-off is looked at when its batch has had time to run (R-H01)."""
    cr.execute(
        """UPDATE aftersales_sla_clock
              SET next_check_at = deadline + interval '5 minutes 1 second'
            WHERE moment = 'handoff_cutoff' AND recorded_state = 'running'
              AND next_check_at IS NOT NULL"""
    )
