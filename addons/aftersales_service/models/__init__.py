from . import (
    aftersales_team,
    res_company,
    res_users,
    sla,
    handoff,
    visit,
    acceptance,
    request,
    liability,
    care,
    appraisal,
    analysis,
)
