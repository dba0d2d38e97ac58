from . import (
    month_mixin,
    appraisal_facts,
    appraisal_weight,
    appraisal,
    appraisal_line,
    appraisal_month,
)
