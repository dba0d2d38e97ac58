from . import (
    agreement_role,
    agreement_member,
    agreement,
    agreement_acts,
    agreement_replacement,
    sale_order,
    visit,
)
