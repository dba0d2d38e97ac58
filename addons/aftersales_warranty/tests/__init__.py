from . import (
    test_coverage,
    test_final_maintenance,
    test_tours_warranty,
    test_warranty,
    test_warranty_acts,
    test_warranty_life,
    test_warranty_parts,
    test_warranty_public,
    test_warranty_reports,
    test_warranty_request,
    test_warranty_road,
    test_warranty_routes,
)
