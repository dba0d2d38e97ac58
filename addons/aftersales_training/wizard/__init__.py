from . import (
    choice_wizard,
    handover_sign_wizard,
    import_wizard,
    reason_wizard,
    scan_wizard,
)
