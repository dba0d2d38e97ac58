from . import (
    cause,
    region,
    res_partner,
    res_company,
    responsible,
    measure,
    measure_acts,
    suggestion,
    request,
    request_closing,
    request_forward,
    request_repeat,
)
