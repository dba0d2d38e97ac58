{
    "name": "After-Sales Training",
    "summary": "The customer's people trained, proved and certified",
    "version": "19.0.1.4.0",
    "category": "Services",
    "author": "After-Sales Contributors",
    "license": "LGPL-3",
    "depends": ["aftersales_service", "event", "survey"],
    "data": [
        "security/ir.model.access.csv",
        "security/training_rules.xml",
        "data/training_template_data.xml",
        "data/sla_policy_data.xml",
        "views/training_plan_views.xml",
    ],
    "demo": ["demo/training_plan_demo.xml"],
    "uninstall_hook": "uninstall_hook",
}
