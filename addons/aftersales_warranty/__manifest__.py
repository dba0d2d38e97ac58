{
    "name": "After-Sales Warranty",
    "summary": "Warranty cards that compute themselves from the signed acceptance",
    "version": "19.0.1.0.0",
    "category": "Services",
    "author": "After-Sales Contributors",
    "license": "LGPL-3",
    "depends": ["aftersales_service"],
    "data": [],
    "demo": [],
}
