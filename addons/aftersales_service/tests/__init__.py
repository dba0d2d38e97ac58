from . import (
    test_acceptance,
    test_company_time,
    test_handoff,
    test_portal,
    test_request,
    test_sla_access,
    test_sla_clock,
    test_sla_enforce,
    test_sla_policy,
    test_tours,
    test_visit,
)
