OLD = "('coverage', 'in', ('in_warranty', 'replace'))"
NEW = "('warranty_coverage', 'in', ('in_warranty', 'replace'))"


def migrate(cr, version):
    """The same-day promise asks the warranty, not who pays in the end (R-S11)."""
    cr.execute(
        "UPDATE aftersales_request SET warranty_coverage = coverage"
        " WHERE coverage <> 'at_our_cost'"
    )
    cr.execute(
        "UPDATE aftersales_sla_policy SET domain = replace(domain, %s, %s)",
        [OLD, NEW],
    )
