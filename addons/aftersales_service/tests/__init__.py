from . import (
    test_company_time,
    test_sla_access,
    test_sla_clock,
    test_sla_enforce,
    test_sla_policy,
)
