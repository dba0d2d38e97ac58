from . import (
    test_training_attendance,
    test_training_certificate,
    test_training_handover,
    test_training_people,
    test_training_plan,
    test_training_portal,
    test_training_reports,
    test_training_routes,
    test_training_sessions,
    test_training_speed,
    test_training_tours,
    test_training_upload,
)
