from . import (
    phone_mixin,
    res_company,
    res_partner,
    stock_lot,
)
