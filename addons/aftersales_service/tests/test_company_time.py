from datetime import date, datetime

from odoo.tests import tagged

from .common import AftersalesCase


@tagged("post_install", "-at_install")
class TestCompanyTime(AftersalesCase):
    def test_day_ends_at_local_midnight(self):
        """R-S11: "the same day" is the day of the company, not of UTC."""
        cases = [
            ("Asia/Shanghai", "2026-11-23 02:00:00", "2026-11-23 15:59:59"),
            ("Asia/Shanghai", "2026-11-23 15:59:59", "2026-11-23 15:59:59"),
            ("Asia/Shanghai", "2026-11-23 16:00:00", "2026-11-24 15:59:59"),
            ("Europe/Berlin", "2026-10-25 10:00:00", "2026-10-25 22:59:59"),
            ("America/New_York", "2026-03-08 12:00:00", "2026-03-09 03:59:59"),
        ]
        for zone, moment, end in cases:
            self.company.aftersales_tz = zone
            moment = datetime.fromisoformat(moment)
            with self.subTest(zone=zone, moment=moment):
                self.assertEqual(
                    self.company._aftersales_day_end(moment),
                    datetime.fromisoformat(end),
                )

    def test_local_hour_to_utc(self):
        """R-H01: 17:00 of the company is stored as UTC."""
        self.assertEqual(
            self.company._aftersales_at(date(2026, 11, 23), 17.0),
            datetime(2026, 11, 23, 9, 0),
        )
        self.assertEqual(
            self.company._aftersales_at(date(2026, 11, 23), 17.5),
            datetime(2026, 11, 23, 9, 30),
        )
