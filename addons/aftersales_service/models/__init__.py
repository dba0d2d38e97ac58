from . import (
    aftersales_team,
    res_company,
    sla,
    handoff,
    visit,
    acceptance,
    request,
    liability,
)
