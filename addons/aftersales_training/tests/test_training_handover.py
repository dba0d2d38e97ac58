from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.aftersales_service.tests.common import MONDAY

from .training_common import PICTURE, TrainingCase

MEETING = {
    "commissioning_report": True,
    "operating_manual": True,
    "key_points": True,
    "minutes": "逐台讲解操作要点",
    "participants": "王主任，李师傅",
}


@tagged("post_install", "-at_install")
class TestTrainingHandover(TrainingCase):
    def prepare(self):
        self.commission()
        handovers = self.env["aftersales.training.handover"]
        return handovers.browse(self.plan.action_prepare_handover())

    def hold(self):
        handover = self.prepare()
        self.plan.action_hold_handover(vals=MEETING)
        return handover

    def test_handover_within_a_week(self):
        """R-T05: seven days from commissioning; each of the three items."""
        self.plan.action_commissioned()
        clock = self.plan.sla_clock_ids
        self.assertEqual(clock.deadline, MONDAY + timedelta(days=7))
        for name in MEETING:
            vals = {key: value for key, value in MEETING.items() if key != name}
            with self.subTest(name=name), self.assertRaises(UserError):
                self.plan.action_hold_handover(vals=vals)
        with self.assertRaises(UserError):
            self.plan.action_hold_handover(vals=MEETING | {"weather": "晴"})
        self.assertEqual(clock.state, "running")
        self.plan.action_hold_handover(vals=MEETING)
        self.assertEqual(clock.state, "met")
        with self.assertRaises(UserError):
            self.plan.action_hold_handover(vals=MEETING)

    def test_not_before_the_commissioning(self):
        """R-T05: nor in the future, nor of a cancelled contract."""
        with self.assertRaisesRegex(UserError, "commissioning"):
            self.plan.action_hold_handover(vals=MEETING)
        self.plan.action_commissioned()
        for at in ("2026-11-22 00:00:00", "2026-12-30 00:00:00", "昨天"):
            with self.subTest(at=at), self.assertRaises(UserError):
                self.plan.action_hold_handover(vals=MEETING | {"at": at})
        handover = self.env["aftersales.training.handover"].browse(
            self.plan.action_prepare_handover()
        )
        handover.machine_ids.explained = True
        handover.write(
            {
                "commissioning_report": True,
                "operating_manual": True,
                "minutes": "逐台讲解",
                "participant_ids": [(0, 0, {"name": "王主任", "side": "customer"})],
            }
        )
        self.order._action_cancel()
        for hold in (
            lambda: self.plan.action_hold_handover(vals=MEETING),
            handover.action_hold,
        ):
            with self.assertRaises(UserError):
                hold()

    def test_prepared_from_the_order(self):
        """R-T05 R-A05: machines with key points and cautions, documents, people."""
        template = self.desk.product_tmpl_id
        template.write(
            {
                "aftersales_key_points": "升降前清空桌面",
                "aftersales_cautions": "不得站立于桌面",
                "aftersales_documents": "使用说明书\n合格证",
            }
        )
        self.plan.liaison_id = self.env["res.partner"].create({"name": "王主任"})
        handover = self.prepare()
        self.assertRecordValues(
            handover.machine_ids,
            [
                {
                    "product_id": self.desk.id,
                    "key_points": "升降前清空桌面",
                    "cautions": "不得站立于桌面",
                    "explained": False,
                }
            ],
        )
        self.assertEqual(handover.material_ids.mapped("name"), ["使用说明书", "合格证"])
        self.assertIn("王主任", handover.participant_ids.mapped("name"))
        self.assertEqual(handover.event_id, self.session("handover"))
        self.assertEqual(self.plan.action_prepare_handover(), handover.id)

    def test_each_delivered_unit_is_ticked(self):
        """R-T05: a row for each serial number."""
        serials = self.env["stock.lot"].create(
            [{"name": f"SN-{n}", "product_id": self.desk.id} for n in range(2)]
        )
        order = self.create_order(quantity=2)
        order.action_confirm()
        move = order.picking_ids.move_ids
        move.lot_ids = serials
        move.picked = True
        order.picking_ids.with_context(skip_sms=True).button_validate()
        plan = order.training_plan_ids
        plan.action_commissioned()
        handovers = self.env["aftersales.training.handover"]
        handover = handovers.browse(plan.action_prepare_handover())
        self.assertEqual(handover.machine_ids.mapped("serial"), ["SN-0", "SN-1"])
        handover.machine_ids[0].explained = True
        self.assertFalse(handover.key_points)
        handover.write(
            {
                "commissioning_report": True,
                "operating_manual": True,
                "minutes": "逐台讲解",
                "participant_ids": [(0, 0, {"name": "王主任", "side": "customer"})],
            }
        )
        with self.assertRaisesRegex(UserError, "Key Points"):
            handover.action_hold()
        self.assertTrue(handover.action_explain_all()["key_points"])
        self.assertEqual(handover.action_hold()["state"], "held")
        self.assertRecordValues(
            handover.event_id, [{"aftersales_state": "done", "date_end": MONDAY}]
        )
        self.assertTrue(all(handover.material_ids.mapped("handed_over")))

    def test_participants_of_both_sides(self):
        """R-T05: as a list with positions; wrong ones are refused."""
        self.plan.action_commissioned()
        people = [
            {"name": "王主任", "side": "customer", "role": "设备科长"},
            {"name": "李师傅", "side": "dealer", "phone": "13900000000"},
        ]
        for bad in ([{"side": "customer"}], [{"name": "甲", "side": "moon"}], [1], 5):
            with self.subTest(bad=bad), self.assertRaises(UserError):
                self.plan.action_hold_handover(vals=MEETING | {"participants": bad})
        with self.assertRaisesRegex(UserError, "customer"):
            self.plan.action_hold_handover(vals=MEETING | {"participants": people[1:]})
        result = self.plan.action_hold_handover(vals=MEETING | {"participants": people})
        handover = self.env["aftersales.training.handover"].browse(
            result["handover_id"]
        )
        self.assertIn("设备科长", handover.participant_ids.mapped("role"))

    def test_signed_minutes_are_proof(self):
        """R-T05: nothing of them changes any more, for any client."""
        handover = self.prepare()
        with self.assertRaisesRegex(UserError, "Held"):
            handover.action_sign(name="王主任", signature_base64=PICTURE)
        self.hold()
        for signature in (None, "", "不是图片", "QUJD"):
            with self.subTest(signature=signature), self.assertRaises(UserError):
                handover.action_sign(name="王主任", signature_base64=signature)
        handover.action_sign(
            name="李师傅", role="工程师", signature_base64=PICTURE, side="dealer"
        )
        self.assertEqual(handover.state, "held")
        handover.with_user(self.users["agent"]).action_sign(
            name="王主任", role="科长", signature_base64=PICTURE
        )
        self.assertEqual(handover.state, "signed")
        document = self.env["aftersales.training.material"].create(
            {"plan_id": self.plan.id, "name": "另外的资料"}
        )
        handover = handover.with_user(self.users["manager"])
        document = document.with_user(self.users["manager"])
        machine = handover.machine_ids[:1]
        for change in (
            lambda: handover.write({"minutes": "改写"}),
            lambda: handover.machine_ids.write({"explained": False}),
            lambda: handover.participant_ids.unlink(),
            lambda: handover.participant_ids.create(
                {"handover_id": handover.id, "name": "后来的人"}
            ),
            lambda: handover.write({"machine_ids": [(2, machine.id)]}),
            lambda: handover.material_ids.create(
                {"plan_id": self.plan.id, "handover_id": handover.id, "name": "x"}
            ),
            lambda: document.write({"handover_id": handover.id}),
            lambda: handover.action_sign(name="王主任", signature_base64=PICTURE),
            handover.unlink,
        ):
            with self.assertRaises(UserError):
                change()

    def test_who_has_signed_stays(self):
        """R-E02 R-T05: before the customer signs, too; others may still be added."""
        handover = self.hold().with_user(self.users["agent"])
        handover.action_sign(name="李师傅", signature_base64=PICTURE, side="dealer")
        signed = handover.participant_ids.filtered("signed_on")
        for change in (
            lambda: signed.write({"name": "别人"}),
            lambda: handover.write({"participant_ids": [(2, signed.id)]}),
            lambda: signed.write({"handover_id": False}),
            lambda: handover.participant_ids.create(
                {"handover_id": handover.id, "name": "x", "signature": PICTURE}
            ),
        ):
            with self.assertRaises(UserError):
                change()
        handover.participant_ids = [(0, 0, {"name": "设备科长", "role": "科长"})]

    def test_held_once_at_its_time(self):
        """R-E01 R-E03: told twice the meeting is held once; a row of the meeting."""
        plan = self.plan.with_user(self.users["agent"])
        plan.action_commissioned(ref="c-1")
        with self.at(MONDAY + timedelta(hours=2)):
            at = str(MONDAY + timedelta(hours=1))
            first = plan.action_hold_handover(MEETING | {"at": at}, ref="h-1")
            again = plan.action_hold_handover(MEETING | {"at": at}, ref="h-1")
        self.assertEqual(first, again)
        self.assertEqual(first["handover_held_at"], at)
        row = self.env["aftersales.act"].search(
            [
                ("res_model", "=", "aftersales.training.handover"),
                ("res_id", "=", first["handover_id"]),
            ]
        )
        self.assertEqual((row.mapped("code"), str(row.at)), (["hold"], at))

    def test_changed_minutes_are_not_signed_unread(self):
        """R-T05: the link signs what the signer was shown."""
        handover = self.hold()
        shown = handover._get_digest()
        handover.minutes = "后来改写"
        with self.assertRaisesRegex(UserError, "changed"):
            handover.action_sign(
                name="王主任", signature_base64=PICTURE, document_digest=shown
            )
        handover.action_sign(
            name="王主任",
            signature_base64=PICTURE,
            document_digest=handover._get_digest(),
        )
        self.assertEqual(handover.state, "signed")

    def test_acts_are_not_written(self):
        """R-T05: state, times and signatures come from acts."""
        handover = self.hold().with_user(self.users["manager"])
        person = handover.participant_ids[:1]
        order = self.create_order()
        order.action_confirm()
        for record, vals in (
            (handover, {"state": "signed"}),
            (handover, {"held_at": "2026-01-01 00:00:00"}),
            (handover, {"plan_id": order.training_plan_ids.id}),
            (person, {"signature": PICTURE}),
            (person, {"signed_on": "2026-01-01 00:00:00"}),
        ):
            with self.subTest(vals=list(vals)), self.assertRaises(UserError):
                record.write(vals)

    def test_who_sees_the_meeting(self):
        """R-T05: after-sales; not strangers, nor technicians of other plans."""
        handover = self.hold()
        meetings = self.env["aftersales.training.handover"]
        self.assertIn(handover, meetings.with_user(self.users["agent"]).search([]))
        self.assertFalse(meetings.with_user(self.users["technician"]).search([]))
        self.assertFalse(meetings.with_user(self.users["portal"]).search([]))
        with self.assertRaises(AccessError):
            meetings.with_user(self.users["stranger"]).search([])
