import json
import random

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.sql_db import db_connect
from odoo.tools import mute_logger

from .common import AftersalesCase

LATER = "2026-11-23 02:30:00"
TABLES = ("aftersales_act", "aftersales_act_head", "aftersales_act_root")


class TestActLog(AftersalesCase):
    """R-E01, R-E03: every act is a row that nobody changes, and happens once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = cls.users["agent"]
        cls.acts = cls.env["aftersales.act"]

    def report(self, count=1):
        requests = self.env["aftersales.request"].with_user(self.agent)
        return requests.create(
            [
                {"problem": f"第{n}台不升降", "partner_id": self.partner.id}
                for n in range(count)
            ]
        )

    def rows(self, records):
        return self.acts.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)],
            order="id",
        )

    def test_an_act_is_a_row(self):
        """R-E01: who, what, when it happened and when it was recorded."""
        request = self.report()
        with self.at(LATER):
            request.action_reply("请重启控制器", at="2026-11-23 02:10:00")
        row = self.rows(request)
        self.assertEqual(row.code, "reply")
        self.assertEqual(row.user_id, self.agent.id)
        self.assertEqual(str(row.at), "2026-11-23 02:10:00")
        self.assertEqual(str(row.recorded_at), LATER)
        self.assertEqual(json.loads(row.values)["note"], "请重启控制器")
        self.assertEqual(row.res_name, request.display_name)
        self.assertTrue(self.acts.verify(request._name, request.id)["intact"])

    def test_nobody_changes_a_row(self):
        """R-E01: neither administrators nor the database's own tools."""
        request = self.report()
        request.action_reply("请重启控制器")
        self.env.flush_all()
        for statement in (
            "UPDATE aftersales_act SET code = 'close'",
            "UPDATE aftersales_act SET values = NULL, salt = NULL",
            "DELETE FROM aftersales_act",
            "TRUNCATE aftersales_act",
        ):
            with (
                self.subTest(statement=statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.Error),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement)
        manager = self.rows(request).with_user(self.users["manager"])
        for call in (lambda: manager.write({"code": "x"}), manager.unlink):
            with self.assertRaises(AccessError):
                call()

    def test_masked_once(self):
        """R-E01: what a row told may be taken away, and it still fits."""
        request = self.report()
        request.action_reply("客户电话 13812345678")
        self.cr.execute(
            "UPDATE aftersales_act SET values = NULL, salt = NULL, masked_at = now()"
        )
        self.assertTrue(self.acts.verify(request._name, request.id)["intact"])

    def test_the_same_act_once(self):
        """R-E03: the same reference again answers the same and changes nothing."""
        request = self.report()
        first = request.action_reply("请重启控制器", ref="tel-1")
        with self.at(LATER):
            self.assertEqual(request.action_reply("请重启控制器", ref="tel-1"), first)
            with self.assertRaises(UserError):
                request.action_reply("别的", ref="tel-1")
            with self.assertRaises(UserError):
                request.action_reply("请重启控制器", ref="tel-2")
        self.assertEqual(len(self.rows(request)), 1)

    def test_no_answer_for_whoever_may_not(self):
        """R-E03: another user's reference is another reference, rights come first."""
        request = self.report()
        request.action_reply("请重启控制器", ref="tel-1")
        with self.assertRaises(AccessError):
            request.with_user(self.users["stranger"]).action_reply("x", ref="tel-1")

    def test_all_or_nothing(self):
        """R-E01: an act on several records leaves nothing half done."""
        requests = self.report(3)
        requests[2].action_reply("已回电")
        with self.assertRaises(UserError):
            requests.action_reply("已回电")
        self.assertEqual(requests.mapped("state"), ["new", "new", "replied"])

    def test_acts_within_an_act(self):
        """R-E01: what an act leads to names the act it is within."""
        request = self.report()
        request.action_reply("已回电")
        request.product_id = self.desk
        request.action_dispatch(self.technician.ids)
        codes = self.rows(request).mapped("code")
        self.assertEqual(codes, ["reply", "dispatch"])

    def test_bulk(self):
        """R-E01: acts on 100 records are one call, and cost no query each."""
        requests = self.report(100)
        self.env.flush_all()
        few, many = requests[:2], requests[2:]
        with self.assertQueryCount(400):
            few.action_plan("更换控制器")
        before = self.cr.sql_log_count
        self.acts._write_rows(self._prepare_rows(many))
        self.assertLessEqual(self.cr.sql_log_count - before, 5)
        many.action_plan("更换控制器")
        rows = self.rows(many).filtered(lambda row: row.code == "plan")
        self.assertEqual(len(rows), 98)
        self.assertEqual(len(set(rows.mapped("call_id"))), 1)

    def _prepare_rows(self, records):
        return [
            {
                "res_model": record._name,
                "res_id": record.id,
                "res_name": record.name,
                "code": "note",
                "at": record.reported_at,
                "user_id": self.agent.id,
                "origin": "rpc",
                "call_id": None,
                "company": self.company.id,
                "grade": "server",
                "values": {},
                "parent": None,
            }
            for record in records
        ]

    def test_every_single_change_is_found(self):
        """R-E01: rows changed, deleted, swapped, inserted: verify names each."""
        for request in self.report(6):
            request.action_reply("已回电")
            request.action_plan("更换控制器")
            request.action_assign(self.technician.ids)
        self.env["aftersales.act.root"]._cron_root()
        self.env.flush_all()
        for table in ("aftersales_act",):
            self.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.assertTrue(self.acts.verify()["intact"])
        dice = random.Random(1949)
        for number in range(120):
            change = dice.choice(
                (self._change, self._delete, self._swap, self._insert, self._cut)
            )
            with self.subTest(number=number, change=change.__name__):
                self.cr.execute("SAVEPOINT forged")
                change(dice)
                self.env.invalidate_all()
                self.assertFalse(self.acts.verify()["intact"])
                self.cr.execute("ROLLBACK TO SAVEPOINT forged")

    def _pick(self, dice, count=1):
        self.cr.execute("SELECT id FROM aftersales_act ORDER BY id")
        return dice.sample([row[0] for row in self.cr.fetchall()], count)

    def _change(self, dice):
        column, value = dice.choice(
            (
                ("code", "close"),
                ("at", "2026-11-22 00:00:00"),
                ("recorded_at", "2026-11-22 00:00:00"),
                ("user_id", 1),
                ("res_name", "别的"),
                ("values", "{}"),
                ("origin", "mail"),
                ("grade", "bounded"),
                ("company", 99),
                ("number", 77),
                ("digest", "0" * 64),
            )
        )
        self.cr.execute(
            f'UPDATE aftersales_act SET "{column}" = %s WHERE id = %s',
            [value, *self._pick(dice)],
        )

    def _delete(self, dice):
        self.cr.execute("DELETE FROM aftersales_act WHERE id = %s", self._pick(dice))

    def _swap(self, dice):
        one, other = self._pick(dice, 2)
        self.cr.execute(
            """UPDATE aftersales_act a
                  SET code = b.code || 'x', values = b.values, salt = b.salt
                 FROM aftersales_act b WHERE a.id = %s AND b.id = %s""",
            [one, other],
        )

    def _insert(self, dice):
        self.cr.execute(
            """INSERT INTO aftersales_act (res_model, res_id, number, code, at,
                      recorded_at, user_id, origin, grade, key_id, digest, previous)
               SELECT res_model, res_id, 99, 'close', at, recorded_at, user_id, origin,
                      grade, key_id, digest, previous
                 FROM aftersales_act WHERE id = %s""",
            self._pick(dice),
        )

    def _cut(self, dice):
        """The end of a chain with its head, by somebody without the key."""
        self.cr.execute(
            """DELETE FROM aftersales_act a USING aftersales_act_head h
                WHERE a.res_model = h.res_model AND a.res_id = h.res_id
                  AND a.number = h.count AND h.res_id = (
                      SELECT res_id FROM aftersales_act WHERE id = %s)
               RETURNING a.res_model, a.res_id, a.previous""",
            self._pick(dice),
        )
        model, number, previous = self.cr.fetchone()
        self.cr.execute(
            """UPDATE aftersales_act_head SET count = count - 1, digest = %s
                WHERE res_model = %s AND res_id = %s""",
            [previous, model, number],
        )

    def test_followers_read_what_they_may(self):
        """R-E01, R-E07: acts on records that the caller may read."""
        request = self.report()
        request.action_reply("已回电")
        answer = self.acts.with_user(self.agent).read_since(0)
        # what isn't committed isn't there for others
        self.assertNotIn(request.id, [act["res_id"] for act in answer["acts"]])
        with self.assertRaises(UserError):
            self.acts.with_user(self.agent).read_since("0")
        customer = self.acts.with_user(self.users["portal"])
        for call in (customer.read_since, customer.verify):
            with self.assertRaises(AccessError):
                call()

    def test_nothing_is_overtaken(self):
        """R-E01: who took a number earlier and commits later isn't left behind."""
        request = self.report()
        reader = self.acts.with_user(self.agent)
        with db_connect(self.cr.dbname).cursor() as slow:
            self.acts.with_env(self.env(cr=slow))._number([{}])
            request.action_reply("已回电")
            with self.enter_registry_test_mode():
                early = reader.read_since(0)
            slow.rollback()
        with self.enter_registry_test_mode():
            late = reader.read_since(early["after_id"])
        replies = [
            (act["res_id"], act["code"]) for act in (*early["acts"], *late["acts"])
        ]
        self.assertNotIn(request.id, [act["res_id"] for act in early["acts"]])
        self.assertEqual(replies.count((request.id, "reply")), 1)

    def test_impossible_references(self):
        """R-E03: a reference is a text; an act needs a record."""
        request = self.report()
        for ref in (["tel-1"], 7, "x" * 201, "a\0b"):
            with self.subTest(ref=ref), self.assertRaises(UserError):
                request.action_reply("已回电", ref=ref)
        with self.assertRaises(UserError):
            request.browse().action_reply("已回电")
