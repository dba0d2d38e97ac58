{
    "name": "After-Sales Training",
    "summary": "The customer's people trained, proved and certified",
    "version": "19.0.1.0.0",
    "category": "Services",
    "author": "After-Sales Contributors",
    "license": "LGPL-3",
    "depends": ["aftersales_service", "event", "survey"],
    "data": [],
    "demo": [],
}
