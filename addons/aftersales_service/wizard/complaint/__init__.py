from . import (
    measure_wizard,
    suggestion_wizard,
)
