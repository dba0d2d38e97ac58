{
    "name": "After-Sales Service",
    "summary": "Keep every promise made after the sale: hand-off, visits, acceptance,"
    " repairs against the clock",
    "version": "19.0.1.0.0",
    "category": "Services",
    "author": "After-Sales Contributors",
    "license": "LGPL-3",
    "depends": [
        "calendar",
        "hr",
        "portal",
        "rating",
        "repair",
        "resource",
        "sale_management",
        "sale_stock",
    ],
    "data": [
        # house
        "security/aftersales_groups.xml",
        "security/ir.model.access.csv",
        "security/aftersales_rules.xml",
        "views/aftersales_menus.xml",
        "views/aftersales_team_views.xml",
        "views/res_company_views.xml",
        "data/aftersales_team_data.xml",
        # sla
        "security/sla/ir.model.access.csv",
        "security/sla/sla_rules.xml",
        "data/sla/mail_activity_type_data.xml",
        "data/sla/ir_cron_data.xml",
        "views/sla/sla_clock_views.xml",
        "views/sla/sla_policy_views.xml",
        "views/sla/sla_menus.xml",
        # handoff
        # visit
        # acceptance
        # request
        # liability
    ],
    "demo": [],
    "application": True,
}
