from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import MONDAY
from .test_request import CRON, RequestCase


class CareCase(RequestCase):
    """A repaired request whose customer is to be asked."""

    def repaired(self, **vals):
        """A repair on site; the call that asks about it."""
        request = self.register(**vals)
        self.repair(request)
        repair = request.sudo().visit_ids.filtered(lambda v: v.kind == "repair")
        call = self.env["aftersales.visit"].search(
            [("origin_visit_id", "=", repair.id)]
        )
        return request, repair, call

    def call(self, visit, role="agent", **vals):
        with self.at(MONDAY + timedelta(days=2)):
            visit = visit.with_user(self.users[role])
            return visit.action_record_revisit(vals={"csat": 5, **vals})

    def feedback(self, **vals):
        return self.env["aftersales.feedback"].search(
            [(name, "=", value) for name, value in vals.items()]
        )


@tagged("post_install", "-at_install")
class TestRevisitCall(CareCase):
    def test_answer_is_kept_with_its_facts(self):
        """R-D14 R-S14 R-V11: one form; region, product and technician go with it."""
        shanghai = self.env["aftersales.region"].create(
            {"name": "浦东", "code": "t_pudong", "cities": "测试市"}
        )
        self.partner.city = "测试市"
        request, repair, call = self.repaired()
        result = self.call(call, nps=9, remarks="师傅很专业")
        feedback = self.env["aftersales.feedback"].browse(result["feedback_id"])
        self.assertRecordValues(
            feedback,
            [
                {
                    "res_model": "aftersales.visit",
                    "res_id": repair.id,
                    "channel": "phone",
                    "partner_id": self.partner.id,
                    "product_id": self.desk.id,
                    "employee_id": self.technician.id,
                    "region_id": shanghai.id,
                    "csat": "5",
                    "nps": "9",
                    "remarks": "师傅很专业",
                    "is_low": False,
                }
            ],
        )
        self.assertEqual(request.reaction, "5")
        self.assertFalse(result["complaint_id"])
        clock = repair.sla_clock_ids.filtered(lambda c: c.code == "revisit")
        self.assertEqual(clock.state, "met")

    def test_low_score_opens_one_complaint_with_its_clock(self):
        """R-V11 R-C01: by itself, once, with its promises."""
        _request, repair, call = self.repaired()
        result = self.call(call, csat=2, remarks="螺丝没拧紧")
        complaint = self.env["aftersales.request"].browse(result["complaint_id"])
        self.assertEqual((complaint.type, complaint.state), ("complaint", "new"))
        self.assertEqual(complaint.partner_id, self.partner)
        self.assertIn("螺丝没拧紧", complaint.problem)
        codes = complaint.sla_clock_ids.mapped("code")
        self.assertEqual(set(codes), {"reply", "resolve"})
        token = repair._rating_get_access_token()
        repair.rating_apply(1, token=token, feedback="仍不满意")
        both = self.feedback(res_model="aftersales.visit", res_id=repair.id)
        self.assertEqual(len(both), 2, "one for each channel")
        self.assertEqual(both.complaint_id, complaint, "one complaint for both")

    def test_low_recommendation_opens_a_complaint_too(self):
        """R-V11: limits are the company's; -1 and 0 switch them off."""
        _request, _repair, call = self.repaired()
        self.assertTrue(self.call(call, csat=4, nps=0)["complaint_id"])
        self.company.write({"aftersales_low_nps": -1, "aftersales_low_csat": 0})
        _request, _repair, call = self.repaired()
        self.assertFalse(self.call(call, csat=1, nps=0)["complaint_id"])
        for bad in ({"aftersales_low_csat": 6}, {"aftersales_low_nps": 11}):
            with self.assertRaises(ValidationError):
                self.company.write(bad)

    def test_not_reached_is_tried_again(self):
        """R-D14: counted, at the time given; the promise stays broken when late."""
        _request, repair, call = self.repaired()
        agent = call.with_user(self.users["agent"])
        again = MONDAY + timedelta(days=4)
        with self.at(MONDAY + timedelta(days=3)):
            result = agent.action_try_again(at=again, note="无人接听")
            self.assertEqual(result["call_attempts"], 1)
            self.assertEqual(call.scheduled_start, again)
            for bad in (MONDAY, "soon"):
                with self.assertRaises(UserError):
                    agent.action_try_again(at=bad)
            agent.action_try_again()
            self.assertEqual(call.call_attempts, 2)
            self.assertEqual(call.scheduled_start, again, "tomorrow, the same hour")
        with self.at(again):
            self.run_cron(CRON)
            clock = repair.sla_clock_ids.filtered(lambda c: c.code == "revisit")
            self.assertEqual(clock.state, "breached")

    def test_bad_answers_are_refused(self):
        """R-V11: nothing half done; who is rated doesn't ask."""
        _request, repair, call = self.repaired()
        for vals in (
            {"csat": 6},
            {"csat": 0},
            {"csat": "good"},
            {"csat": None},
            {"csat": True},
            {"csat": 5, "nps": 11},
            {"csat": 5, "nps": -1},
            {"stars": 5},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.call(call, **vals)
        self.assertEqual(call.state, "draft")
        with self.assertRaises(UserError):
            self.call(repair)
        for role in ("technician", "guide", "stranger"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.call(call, role=role)
        self.call(call)
        with self.assertRaises(UserError):
            self.call(call)
        self.assertEqual(len(self.feedback(res_id=repair.id)), 1)

    def test_script_speaks_the_customers_language(self):
        """R-D14: the text of the kind of work, with its facts."""
        self.env["res.lang"]._activate_lang("zh_CN")
        script = self.env.ref("aftersales_service.revisit_script_repair")
        text = "您好{customer}，{technician}为您维修了设备。"
        other = "Good day {customer}"
        script.update_field_translations("text", {"zh_CN": text, "en_US": other})
        self.partner.lang = "zh_CN"
        _request, _repair, call = self.repaired()
        agent = call.with_user(self.users["agent"])
        self.assertEqual(agent.revisit_script, "您好王小明，李师傅为您维修了设备。")
        self.partner.lang = "en_US"
        agent.invalidate_recordset()
        self.assertIn("Good day 王小明", agent.revisit_script)

    def test_one_form_for_the_call(self):
        """R-D14: the wizard acts through the public methods."""
        _request, _repair, call = self.repaired()
        wizard = self.env["aftersales.revisit.wizard"].with_user(self.users["agent"])
        later = wizard.create({"visit_id": call.id, "reached": "no"})
        with self.at(MONDAY + timedelta(days=2)):
            later.action_save()
            self.assertEqual((call.call_attempts, call.state), (1, "draft"))
            answer = {"visit_id": call.id, "csat": "3", "nps": "0", "remarks": "一般"}
            self.company.aftersales_low_nps = -1
            wizard.create(answer).action_save()
        self.assertEqual((call.state, call.rating, call.nps), ("done", "3", "0"))
        action = call.with_user(self.users["agent"]).action_open_revisit()
        self.assertEqual(action["res_model"], "aftersales.revisit.wizard")

    def test_solved_by_phone_is_asked_about_the_request(self):
        """R-S14: without a visit the request is rated."""
        request = self.register()
        agent = request.with_user(self.users["agent"])
        agent.action_resolve_by_phone(vals={"cause": "未插电", "measures": "插上"})
        call = request.revisit_ids.sudo()
        self.call(call, csat=4)
        self.assertEqual(request.sudo().feedback_ids.csat, "4")


@tagged("post_install", "-at_install")
class TestFeedback(CareCase):
    def test_csat_and_nps_by_dimension(self):
        """R-V11 R-C09: averages leave out what nobody was asked."""
        model = self.env["aftersales.feedback"]
        regions = self.env["aftersales.region"].create(
            [{"name": name, "code": f"t_{name}"} for name in ("东", "西")]
        )
        rows = [("5", "10"), ("4", "8"), ("1", False), (False, "0")]
        model.create(
            [
                {
                    "partner_id": self.partner.id,
                    "channel": "letter",
                    "region_id": regions[0].id,
                    "csat": csat,
                    "nps": nps,
                }
                for csat, nps in rows
            ]
        )
        [(region, csat, nps, average)] = model._read_group(
            [("region_id", "in", regions.ids)],
            ["region_id"],
            ["csat_share:avg", "nps_share:avg", "csat_value:avg"],
        )
        self.assertEqual(region, regions[0])
        self.assertAlmostEqual(csat, 200 / 3, 2)
        self.assertAlmostEqual(nps, 0.0, 2)
        self.assertAlmostEqual(average, 10 / 3, 2)

    def test_answers_stay(self):
        """R-V11: nobody changes or deletes what a customer said."""
        _request, repair, call = self.repaired()
        self.call(call)
        feedback = self.feedback(res_id=repair.id)
        for role in ("agent", "supervisor", "manager"):
            mine = feedback.with_user(self.users[role])
            with self.subTest(role=role), self.assertRaises(UserError):
                mine.csat = "1"
            with self.subTest(role=role), self.assertRaises(AccessError):
                mine.unlink()
        with self.assertRaises(UserError):
            feedback.unlink()

    def test_letters_are_entered_by_hand(self):
        """R-V11: phone, web and mail; links speak for themselves."""
        model = self.env["aftersales.feedback"].with_user(self.users["agent"])
        letter = model.create({"partner_id": self.partner.id, "csat": "1"})
        self.assertTrue(letter.complaint_id)
        for vals in (
            {"channel": "link"},
            {"channel": "survey"},
            {"answered_at": "2027-01-01 00:00:00"},
            {"complaint_id": letter.complaint_id.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                model.create({"partner_id": self.partner.id, "csat": "5", **vals})
        with self.assertRaises(UserError):
            model.create({"partner_id": self.partner.id, "csat": "9"})
        praise = model.with_context(default_complaint_id=letter.complaint_id.id)
        praise = praise.create({"partner_id": self.partner.id, "csat": "5"})
        self.assertFalse(praise.complaint_id)

    def test_who_sees_which(self):
        """R-V11: technicians see what is said about them, strangers nothing."""
        _request, repair, call = self.repaired()
        self.call(call)
        other = self.env["hr.employee"].create({"name": "赵师傅"})
        vals = {"partner_id": self.partner.id, "csat": "5"}
        about_other = self.env["aftersales.feedback"].create(
            vals | {"employee_id": other.id}
        )
        own = self.feedback(res_id=repair.id)
        seen = {
            role: self.env["aftersales.feedback"].with_user(self.users[role]).search([])
            for role in ("technician", "agent", "supervisor")
        }
        self.assertIn(own, seen["technician"])
        self.assertNotIn(about_other, seen["technician"])
        self.assertLessEqual(own | about_other, seen["agent"])
        for role in ("guide", "warehouse", "stranger", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                own.with_user(self.users[role]).read(["csat"])
        company = self.env["res.company"].create({"name": "杭州分公司"})
        elsewhere = self.env["aftersales.feedback"].create(
            vals | {"company_id": company.id}
        )
        self.assertNotIn(
            elsewhere,
            self.env["aftersales.feedback"].with_user(self.users["manager"]).search([]),
        )

    def test_link_after_the_visit(self):
        """R-V11 R-D14: mailed, counts for the technician, once, until it expires."""
        _request, repair, _call = self.repaired()
        mail = self.env["mail.mail"].search(
            [("model", "=", "aftersales.visit"), ("res_id", "=", repair.id)]
        )
        token = repair._rating_get_access_token()
        self.assertIn(f"/feedback/{token}", mail.body_html)
        repair.rating_apply(5, token=token, feedback="很好", nps=10)
        self.assertRecordValues(
            self.feedback(res_id=repair.id),
            [{"channel": "link", "employee_id": self.technician.id, "nps": "10"}],
        )
        rating = repair.rating_ids
        technician = self.users["technician"].partner_id
        self.assertEqual((rating.rated_partner_id, rating.rating), (technician, 5))
        self.assertEqual((repair.rating_count, repair.rating_avg), (1, 5))
        with self.assertRaises(UserError):
            repair.rating_apply(1, token=token)
        with self.assertRaises(UserError):
            repair.rating_apply(1, rating=rating)
        self.assertEqual(repair.rating_avg, 5)

    def test_wrong_and_expired_links(self):
        """R-V11: refused by name; nothing is kept."""
        _request, repair, _call = self.repaired()
        _request2, other, _call2 = self.repaired()
        token = repair._rating_get_access_token()
        for rate, link in ((5, "wrong"), (7, token), (0, token), (5, None)):
            with self.subTest(rate=rate, link=link), self.assertRaises(UserError):
                repair.rating_apply(rate, token=link)
        with self.assertRaises(UserError):
            other.rating_apply(5, token=token)
        with self.at(MONDAY + timedelta(days=31)), self.assertRaises(UserError):
            repair.rating_apply(5, token=token)
        self.assertFalse(self.feedback(res_id=repair.id))

    def test_no_mail_when_unwanted(self):
        """R-V11: a company may switch it off; no address, no mail."""
        self.company.aftersales_feedback_mail = False
        _request, repair, _call = self.repaired()
        domain = [("model", "=", "aftersales.visit"), ("res_id", "=", repair.id)]
        mails = self.env["mail.mail"].search(domain)
        self.assertFalse(mails.filtered(lambda m: "/feedback/" in m.body_html))
