from . import (
    aftersales_team,
    sla_clock,
    fault_analysis,
    audit_criterion,
    audit,
    quality_report,
    quality_figures,
)
