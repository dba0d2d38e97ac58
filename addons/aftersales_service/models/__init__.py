from . import (
    aftersales_team,
    mail_template,
    res_company,
    res_users,
    sla,
    handoff,
    visit,
    acceptance,
    request,
    liability,
    complaint,
    exchange,
)
