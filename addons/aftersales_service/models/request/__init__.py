from . import (
    cause,
    request,
    request_acts,
    request_closing,
    request_register,
    request_sla,
    sale_order,
    visit,
)
