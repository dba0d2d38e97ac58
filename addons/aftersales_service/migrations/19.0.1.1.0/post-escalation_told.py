def migrate(cr, version):
    """Everybody was told of the escalations recorded so far."""
    cr.execute(
        "UPDATE aftersales_sla_escalation SET told_at = done_at WHERE told_at IS NULL"
    )
