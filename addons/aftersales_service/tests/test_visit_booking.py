from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import MONDAY
from .test_visit import START, STOP, VisitCase


@tagged("post_install", "-at_install")
class TestQuietHours(VisitCase):
    def test_when_it_is_quiet(self):
        """R-D05: 12:00–13:30 and 20:00–08:00 in the company's time zone."""
        day = datetime(2026, 11, 24)
        cases = (
            (9, 11, False),
            (10, 12, False),  # until the meal
            (10, 13, True),  # ends in the meal
            (12, 14, True),  # begins in the meal
            (10, 17, False),  # goes on over the meal: the crew pauses, too
            (13.5, 15, False),
            (18, 20, False),
            (18, 21, True),
            (7, 9, True),
            (8, 9, False),
        )
        for start, stop, quiet in cases:
            window = [day + timedelta(hours=hour - 8) for hour in (start, stop)]
            with self.subTest(start=start, stop=stop):
                self.assertEqual(self.company._aftersales_is_quiet(*window), quiet)
        self.company.aftersales_rest_stop = 6
        early = [day + timedelta(hours=hour - 8) for hour in (7, 9)]
        self.assertFalse(self.company._aftersales_is_quiet(*early))

    def test_planning_into_them_is_confirmed(self):
        """R-D05: who wants it so is written down, by whichever way it is planned."""
        noon = {
            "start": "2026-11-24 04:00:00",
            "stop": "2026-11-24 06:00:00",
            "reason": "客户要求",
        }
        visit = self.confirm()
        with self.assertRaisesRegex(UserError, visit.name):
            visit.action_reschedule(**noon)
        visit.action_reschedule(**noon, quiet_reason="客户只有午休有空")
        self.assertEqual(visit.quiet_reason, "客户只有午休有空")
        other = self.plan(
            scheduled_start="2026-11-25 13:00:00", scheduled_stop="2026-11-25 14:00:00"
        ).with_user(self.users["supervisor"])
        other.action_assign(employee_ids=self.other.ids)
        with self.assertRaisesRegex(UserError, other.name):
            other.action_confirm()
        other.quiet_reason = "酒店夜间施工"
        other.action_confirm()

    def test_guide_notes_the_wish(self):
        """R-D05: the guide's note says who wants a time in rest hours."""
        order = self.create_order(no_special_requests=True)
        order.action_confirm()
        order._mark_handed_off(MONDAY)
        noon = {
            "agreed_start": "2026-11-24 04:00:00",
            "agreed_stop": "2026-11-24 06:00:00",
        }
        guide = order.with_user(self.users["guide"])
        with self.assertRaisesRegex(UserError, order.name):
            guide.action_record_contact(**noon)
        self.assertFalse(order.contacted_at)
        guide.action_record_contact(**noon, note="客户要求午休时间送货")
        self.assertEqual(order.visit_ids.quiet_reason, "客户要求午休时间送货")

    def test_night_on_the_other_side_of_the_world(self):
        """R-D05: summer time and time zones are the company's."""
        self.company.aftersales_tz = "Europe/Berlin"
        # 29 March 2026: clocks go forward at 01:00 UTC; 06:00 UTC is 08:00 there
        window = [datetime(2026, 3, 29, hour) for hour in (6, 8)]
        self.assertFalse(self.company._aftersales_is_quiet(*window))
        before = [moment - timedelta(days=1) for moment in window]
        self.assertTrue(self.company._aftersales_is_quiet(*before))


@tagged("post_install", "-at_install")
class TestAbsence(VisitCase):
    def leave(self, role, employee=None, start="2026-11-26 00:00:00", **vals):
        return (
            self.env["resource.calendar.leaves"]
            .with_user(self.users[role])
            .create(
                {
                    "name": "年假",
                    "resource_id": (employee or self.technician).resource_id.id,
                    "date_from": start,
                    "date_to": "2026-11-26 12:00:00",
                    **vals,
                }
            )
        )

    def test_asked_for_ahead(self):
        """R-K03: 36 hours ahead; the supervisor enters what comes suddenly."""
        with self.assertRaisesRegex(UserError, "36"):
            self.leave("technician", start="2026-11-24 13:59:00")
        self.leave("technician", start="2026-11-24 14:00:00")
        self.leave("supervisor", start="2026-11-23 03:00:00")
        with self.assertRaises(AccessError):
            self.leave(
                "technician",
                self.env["hr.employee"].create(
                    {"name": "别人", "user_id": self.users["agent"].id}
                ),
            )

    def test_nobody_is_planned_into_it(self):
        """R-K03: neither assigned, nor moved into time off."""
        self.leave("technician")
        window = {
            "scheduled_start": "2026-11-26 01:00:00",
            "scheduled_stop": "2026-11-26 03:00:00",
        }
        visit = self.plan(**window)
        with self.assertRaisesRegex(UserError, "李师傅"):
            visit.action_assign(employee_ids=self.technician.ids)
        visit.action_assign(employee_ids=self.other.ids)
        moved = self.confirm()
        with self.assertRaisesRegex(UserError, "李师傅"):
            moved.action_reschedule(
                start=window["scheduled_start"],
                stop=window["scheduled_stop"],
                reason="客户改期",
            )

    def test_planners_learn_whom_they_lack(self):
        """R-K03: the supervisor gets a task on each visit that is affected."""
        visit = self.confirm(
            scheduled_start="2026-11-26 01:00:00", scheduled_stop="2026-11-26 03:00:00"
        )
        self.leave("supervisor")
        activity = visit.sudo().activity_ids.filtered(
            lambda a: a.user_id == self.users["supervisor"]
        )
        self.assertIn("李师傅", activity.summary)

    def test_rota_and_holidays_are_shown(self):
        """R-K03: outside the rota it is shown, not forbidden: service is 24 × 7."""
        calendar = self.company.resource_calendar_id
        calendar.tz = "Asia/Shanghai"
        self.technician.resource_calendar_id = calendar
        sunday = datetime(2026, 11, 29, 2)
        visit = self.plan(
            scheduled_start=sunday, scheduled_stop=sunday + timedelta(hours=2)
        )
        visit.action_assign(employee_ids=self.technician.ids)
        self.assertIn("李师傅", visit.team_warning)
        self.env["aftersales.workday"].create({"name": "调休", "date": "2026-11-29"})
        visit.invalidate_recordset()
        self.assertFalse(visit.team_warning)


class BookingCase(VisitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.company.resource_calendar_id
        calendar.tz = "Asia/Shanghai"
        cls.technician.company_id = cls.company

    def starts(self, visit):
        return [window["start"] for window in visit.get_free_windows()]


@tagged("post_install", "-at_install")
class TestBooking(BookingCase):
    def test_free_windows(self):
        """R-H06 R-D05: from tomorrow, in working time, where somebody is free."""
        visit = self.plan(scheduled_start=False, scheduled_stop=False)
        starts = self.starts(visit)
        self.assertEqual(starts[0], "2026-11-24 00:00:00")  # Tuesday, 8:00
        local = {
            self.company._aftersales_to_local(datetime.fromisoformat(start))
            for start in starts
        }
        self.assertTrue(all(moment.weekday() < 5 for moment in local))
        booked = self.plan(
            scheduled_start="2026-11-24 00:00:00", scheduled_stop="2026-11-24 02:00:00"
        )
        self.assertNotIn("2026-11-24 00:00:00", self.starts(visit), "promised already")
        booked.action_assign(employee_ids=self.technician.ids)
        self.assertNotIn("2026-11-24 00:00:00", self.starts(visit), "nobody is free")
        booked.action_cancel(reason="客户取消")
        self.assertIn("2026-11-24 00:00:00", self.starts(visit))

    def test_customer_chooses(self):
        """R-H06: the link records the appointment as the guide's call does."""
        order = self.create_order(no_special_requests=True)
        order.action_confirm()
        order._mark_handed_off(MONDAY)
        result = order.with_user(self.users["guide"]).action_send_appointment()
        visit = self.env["aftersales.visit"].browse(result["visit_id"])
        self.assertIn("access_token", result["url"])
        mail = visit.message_ids.filtered(lambda m: result["url"] in m.body)
        self.assertEqual(mail.notified_partner_ids, self.partner)
        public = visit.with_user(self.env.ref("base.public_user")).sudo()
        public.action_choose_window(start="2026-11-24 00:00:00")
        self.assertEqual(order.aftersales_state, "contacted")
        self.assertEqual(order.agreed_start, datetime(2026, 11, 24))
        self.assertEqual(visit.scheduled_start, datetime(2026, 11, 24))
        self.assertEqual(order.visit_ids, visit)
        self.assertTrue(visit.customer_confirmed_at)

    def test_what_is_gone_is_refused(self):
        visit = self.plan(scheduled_start=False, scheduled_stop=False)
        for start in ("2026-11-20 00:00:00", "2026-11-24 00:30:00", "bald"):
            with self.subTest(start=start), self.assertRaises(UserError):
                visit.action_choose_window(start=start)
        with self.assertRaises(UserError):
            visit.action_customer_confirm()
        past = self.plan()
        with self.at(STOP), self.assertRaises(UserError):
            past.action_customer_confirm()

    def test_moved_by_the_customer(self):
        """R-D03: who, when and why stays; the promise moves along."""
        visit = self.confirm().sudo()
        visit.action_choose_window(start="2026-11-25 00:00:00", reason="临时有事")
        change = visit.reschedule_ids
        self.assertEqual((change.old_start, change.reason), (START, "临时有事"))
        self.assertEqual(visit.sla_deadline, datetime(2026, 11, 25))

    def test_rescheduling_apologises(self):
        """R-D03: the customer learns the reason and the new time."""
        visit = self.confirm()
        visit.action_reschedule(
            start="2026-11-25 01:00:00", stop="2026-11-25 03:00:00", reason="道路封闭"
        )
        mail = visit.sudo().message_ids.filtered(lambda m: "道路封闭" in (m.body or ""))
        self.assertIn(self.partner, mail.notified_partner_ids)

    def test_missed_appointment_is_recorded(self):
        """R-D01: nobody there at the agreed time, and the supervisor knows."""
        visit = self.confirm().sudo()
        with self.at(START + timedelta(minutes=1)):
            self.run_cron("aftersales_service.ir_cron_enforce_clocks")
            self.assertEqual(visit.missed_at, START)
            clock = visit.sla_clock_ids.filtered(lambda c: c.code == "on_time")
            self.assertIn(self.users["supervisor"], clock.escalation_ids.user_ids)

    def test_calendar_file(self):
        """R-H06: the appointment as the customer's own calendar takes it."""
        text = self.plan()._get_ics().decode()
        self.assertIn("DTSTART:20261124T010000Z", text)
        self.assertIn("南京西路1266号", text.replace("\r\n ", ""))


@tagged("post_install", "-at_install")
class TestBookingPortal(HttpCase, BookingCase):
    """The link without login; time is the real one, requests run by themselves."""

    def setUp(self):
        super().setUp()
        self.visit = self.plan(
            scheduled_start=datetime(2026, 11, 25, 1),
            scheduled_stop=datetime(2026, 11, 25, 3),
        )
        self.technician.barcode = "B0077"
        self.visit.action_assign(employee_ids=self.technician.ids)
        self.url = self.visit.get_portal_url()

    def post(self, url, **data):
        self.authenticate(None, None)
        token = Request.csrf_token(self)
        return self.url_open(url, data={"csrf_token": token, **data})

    def test_link(self):
        """R-D15: who comes, with badge; R-H06: confirmed without a login."""
        page = self.url_open(self.url).text
        for fact in ("李师傅", "B0077", "南京西路1266号"):
            self.assertIn(fact, page)
        answer = self.url.replace("?", "/confirm?")
        self.post(answer)
        self.assertTrue(self.visit.customer_confirmed_at)
        calendar = self.url_open(self.url.replace("?", "/calendar.ics?"))
        self.assertIn("VCALENDAR", calendar.text)

    def test_choose(self):
        """R-H06: another free window, and a refusal that is shown."""
        windows = self.visit.get_free_windows()
        choose = self.url.replace("?", "/choose?")
        self.post(choose, start=windows[3]["start"], reason="出差")
        self.assertEqual(self.visit.scheduled_start.isoformat(" "), windows[3]["start"])
        page = self.post(choose, start="2020-01-01 00:00:00").text
        self.assertIn("alert-danger", page)

    def test_only_with_its_own_token(self):
        """R-D06: a link opens its own visit and no other."""
        other = self.plan(scheduled_start=False, scheduled_stop=False)
        stranger = f"/my/visits/{self.visit.id}?{other.get_portal_url().split('?')[1]}"
        for url in (stranger, f"/my/visits/{self.visit.id}"):
            with self.subTest(url=url):
                self.assertNotIn("B0077", self.url_open(url).text)
                answer = url.replace(f"{self.visit.id}", f"{self.visit.id}/confirm", 1)
                self.post(answer)
                self.assertFalse(self.visit.customer_confirmed_at)
