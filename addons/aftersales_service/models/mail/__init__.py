from . import (
    machine,
    res_company,
    mail_rejected,
    mail_thread,
    mail_mail,
    answer_mixin,
    request,
    visit,
)
