from . import (
    mail_activity,
    resource_calendar,
    sla_mixin,
    sla_policy,
    sla_target,
    sla_clock,
    sla_clock_life,
    sla_clock_enforce,
    sla_pause,
    sla_escalation,
)
