import base64
import io
from unittest.mock import patch

import openpyxl
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import MOST_ROWS, normalise_phone, person_key, read_text
from .training_common import PEOPLE, TrainingCase


def sheet(rows):
    """An XLSX file with these rows, in base64."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return base64.b64encode(stream.getvalue())


@tagged("post_install", "-at_install")
class TestTrainingPeople(TrainingCase):
    def setUp(self):
        super().setUp()
        self.commission()
        self.operation = self.session("operation")

    def test_people_are_imported_once_and_never_too_many(self):
        """R-T01 R-T07: 35 are promised; the 36th and wrong rows are refused whole."""
        same = {"name": "学 员01", "phone": "+86 139 0000 0001"}
        with self.assertRaises(UserError):
            self.plan.import_attendees(rows=[*PEOPLE, {"name": "第三十六人"}])
        with self.assertRaisesRegex(UserError, "Row 2"):
            self.plan.import_attendees(rows=[PEOPLE[0], {"phone": "1"}])
        self.assertFalse(self.plan.event_ids.registration_ids)
        result = self.plan.import_attendees(rows=PEOPLE)
        self.assertEqual((result["created"], result["merged"]), (35, 0))
        again = self.plan.import_attendees(rows=[same])
        self.assertEqual((again["created"], again["merged"]), (0, 1))
        self.assertEqual((self.plan.booked_count, self.plan.missing_count), (35, 35))

    def test_list_goes_to_every_session_that_counts(self):
        """R-T02: not to the handover meeting."""
        self.plan.import_attendees(rows=PEOPLE[:2])
        self.assertEqual(len(self.operation.registration_ids), 2)
        self.assertEqual(len(self.session("maintenance").registration_ids), 2)
        self.assertFalse(self.session("handover").registration_ids)
        self.assertEqual(self.plan.booked_count, 2)

    def test_spellings_of_a_phone(self):
        """R-T01: one number, however it is written."""
        self.company.country_id = self.env.ref("base.cn")
        for text in (
            "13900000001",
            "139 0000 0001",
            "139-0000-0001",
            "+86 139 0000 0001",
            "0086 13900000001",
            " +8613900000001 ",
        ):
            with self.subTest(text=text):
                phone = normalise_phone(self.company, text)
                self.assertEqual(phone, "+8613900000001")
        landlines = {
            normalise_phone(self.company, text)
            for text in ("021-62180000", "+86 21 6218 0000", "(021) 6218 0000")
        }
        self.assertEqual(landlines, {"+862162180000"})
        self.assertEqual(normalise_phone(self.company, ""), "")

    def test_same_person_by_id_or_name(self):
        """R-T01 R-N09: the ID, else name and phone, else the name."""
        self.assertEqual(
            person_key("王 建华", "", " 31010119800101123x"),
            person_key("王建华", "", "31010119800101123X"),
        )
        self.assertEqual(person_key(" 王 建华", ""), person_key("王建华", ""))
        self.assertNotEqual(person_key("王建华", ""), person_key("王建国", ""))

    def test_one_phone_of_a_workshop(self):
        """R-T01 R-N09: several people; also two of one name with their ID numbers."""
        phone = "021-62180000"
        rows = [
            {"name": "王建华", "phone": phone},
            {"name": "李建国", "phone": "+86 21 6218 0000"},
            {"name": "王伟", "phone": phone, "id_number": "31010119800101123X"},
            {"name": "王伟", "phone": phone, "id_number": "310101199001011234"},
        ]
        result = self.plan.import_attendees(rows=rows)
        self.assertEqual((result["created"], result["merged"]), (4, 0))
        again = self.plan.import_attendees(rows=rows)
        self.assertEqual((again["created"], again["merged"]), (0, 4))

    def test_id_number_that_is_told_later(self):
        """R-T01 R-N09: is the same person's, also the other way round."""
        plain = {"name": "王建华", "phone": "13900000001"}
        full = plain | {"id_number": "31010119800101123X"}
        for rows in ([plain], [full], [plain], [plain, full]):
            self.plan.import_attendees(rows=rows)
            self.assertEqual(self.plan.booked_count, 1)
        numbers = self.plan.event_ids.registration_ids.mapped("aftersales_id_number")
        self.assertEqual(set(numbers), {full["id_number"]})

    def test_second_spelling_is_refused_for_every_client(self):
        """R-T01: by the database, on the list of one session."""
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=self.operation.id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env["event.registration"].create(
                {
                    "event_id": self.operation.id,
                    "name": "学员 00",
                    "phone": "139 0000 0000",
                }
            )
            self.env.flush_all()

    def test_36th_is_refused_for_every_client(self):
        """R-T01: by whatever way a person is registered; the headcount can't drop."""
        self.plan.import_attendees(rows=PEOPLE, event_id=self.operation.id)
        other = self.session("maintenance")
        vals = {"event_id": other.id, "name": "第三十六人"}
        with self.assertRaises(UserError) as refusal:
            self.env["event.registration"].create(vals)
        self.assertIn("36", str(refusal.exception))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.plan.headcount = 34
            self.plan.flush_recordset()

    def test_person_taken_off_the_list_frees_the_place(self):
        """R-T01: and may be put on it again."""
        self.plan.import_attendees(rows=PEOPLE)
        key = self.operation.registration_ids[0].aftersales_person_key
        self.plan.action_remove_attendee(person_key=key)
        self.assertEqual(self.plan.booked_count, 34)
        with self.assertRaises(UserError):
            self.plan.action_remove_attendee(person_key=key)
        self.plan.import_attendees(rows=PEOPLE)
        self.assertEqual(self.plan.booked_count, 35)

    def test_trained_are_distinct_people_who_attended(self):
        """R-T01 R-T07: attendance counts, not seats."""
        self.plan.import_attendees(rows=PEOPLE)
        with self.assertRaises(UserError):
            self.plan.action_mark_attended(event_id=self.operation.id)
        with self.during(self.operation):
            result = self.plan.action_mark_attended(event_id=self.operation.id)
        self.assertEqual((result["trained_count"], result["missing_count"]), (35, 0))
        maintenance = self.session("maintenance")
        with self.during(maintenance):
            result = self.plan.action_mark_attended(event_id=maintenance.id)
        self.assertEqual(result["trained_count"], 35)
        self.assertEqual(self.plan.state, "done")

    def test_observation_and_handover_train_nobody(self):
        """R-T01 R-T05: who only attended the meeting isn't trained."""
        meeting = self.session("handover")
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=meeting.id)
        with self.during(meeting):
            self.plan.action_mark_attended(event_id=meeting.id)
        self.assertEqual((self.plan.booked_count, self.plan.trained_count), (0, 0))

    def test_failed_test_is_not_trained(self):
        """R-T01 R-T07: where there is a test, it has to be passed."""
        self.operation.sudo().aftersales_pass_mark = 60
        self.plan.import_attendees(rows=PEOPLE[:2], event_id=self.operation.id)
        first, second = self.operation.registration_ids.sorted("name")
        with self.during(self.operation):
            self.plan.action_mark_attended(event_id=self.operation.id)
            self.assertEqual(self.plan.trained_count, 0)
            result = self.operation.with_user(self.users["agent"]).action_record_scores(
                scores=[{"id": first.id, "score": 60}, {"id": second.id, "score": 59.5}]
            )
        self.assertEqual((result["passed"], result["failed"]), (1, 1))
        self.assertEqual(self.plan.trained_count, 1)
        record = self.plan.get_training_record()
        self.assertEqual(
            [(p["name"], p["trained"], p["score"]) for p in record["people"]],
            [("学员00", True, 60), ("学员01", False, 59.5)],
        )

    def test_impossible_scores(self):
        """R-T07: outside 0 to 100, of absent people, of strangers, not a number."""
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=self.operation.id)
        person = self.operation.registration_ids
        with self.during(self.operation):
            with self.assertRaisesRegex(UserError, "attend"):
                self.operation.action_record_scores(
                    scores=[{"id": person.id, "score": 80}]
                )
            person.action_mark_present()
            for bad in (
                [],
                "80",
                [{"id": person.id}],
                [{"id": 0, "score": 80}],
                [{"id": person.id, "score": "80"}],
                [{"id": person.id, "score": True}],
                [{"id": person.id, "score": 101}],
                [{"id": person.id, "score": -1}],
                [{"id": person.id, "score": 80, "extra": 1}],
                [80],
            ):
                with self.subTest(bad=bad), self.assertRaises(UserError):
                    self.operation.action_record_scores(scores=bad)
        self.assertFalse(person.aftersales_tested_at)

    def test_survey_is_the_test(self):
        """R-T07: its pass mark holds, its result is the score."""
        right = {"value": "对", "is_correct": True, "answer_score": 1}
        survey = self.env["survey.survey"].create(
            {
                "title": "操作与安全测试",
                "scoring_type": "scoring_without_answers",
                "scoring_success_min": 70,
                "question_and_page_ids": [
                    (
                        0,
                        0,
                        {
                            "title": f"第{number}题",
                            "question_type": "simple_choice",
                            "suggested_answer_ids": [
                                (
                                    0,
                                    0,
                                    {
                                        "value": "对",
                                        "is_correct": True,
                                        "answer_score": 1,
                                    },
                                ),
                                (0, 0, {"value": "错"}),
                            ],
                        },
                    )
                    for number in range(2)
                ],
            }
        )
        template = self.env.ref("aftersales_training.template_operation")
        template.survey_id = survey
        self.assertEqual(template.pass_mark, 70)
        self.operation.sudo().write(
            {"aftersales_survey_id": survey.id, "aftersales_pass_mark": 70}
        )
        self.plan.import_attendees(rows=PEOPLE[:1], event_id=self.operation.id)
        person = self.operation.registration_ids
        self.assertFalse(self.operation._get_start_test_url(person))
        with self.during(self.operation):
            person.action_mark_present()
            url = self.operation._get_start_test_url(person)
            self.assertIn(survey.access_token, url)
            self.assertEqual(self.operation._get_start_test_url(person), url)
            answer = person.aftersales_answer_id
            right = survey.question_ids.suggested_answer_ids.filtered("is_correct")
            answer._save_lines(survey.question_ids[0], right[0].id)
            answer._mark_done()
        self.assertRecordValues(
            person, [{"aftersales_score": 50, "aftersales_result": "failed"}]
        )
        self.assertEqual(self.plan.trained_count, 0)

    # ------------------------------------------------------------------
    # Files and pasted lists
    # ------------------------------------------------------------------

    def import_file(self, content, filename="名单.xlsx", **vals):
        wizard = self.env["aftersales.training.import.wizard"]
        return (
            wizard.with_user(self.users["agent"])
            .create(
                {"plan_id": self.plan.id, "file": content, "filename": filename, **vals}
            )
            .action_save()
        )

    def test_file_in_chinese(self):
        """R-T07: columns in any order, phones kept as numbers by the spreadsheet."""
        content = sheet(
            [
                ["手机", "姓名", "岗位", "身份证号"],
                [13900000001, "王建华", "操作人员", "310101198001011234"],
                [13900000002.0, "李秀兰", "维修人员", None],
                ["+86 139 0000 0001", "王建华", None, None],
                [None, None, None, None],
            ]
        )
        result = self.import_file(content)
        self.assertIn("2", result["params"]["message"])
        people = self.operation.registration_ids.sorted("phone")
        self.assertRecordValues(
            people,
            [
                {"phone": "+8613900000001", "aftersales_role": "operator"},
                {"phone": "+8613900000002", "aftersales_role": "maintainer"},
            ],
        )
        self.assertEqual(people[0].aftersales_id_number, "310101198001011234")

    def test_list_as_a_company_keeps_it(self):
        """R-T07 R-N09: a title, numbers, blanks in the heads, a sum and remarks."""
        content = sheet(
            [
                ["实验小学设备操作培训人员名单"],
                [None, "2026年11月"],
                ["序号", "姓 名", "性别", "部门", "联系 电话", "岗 位", "备注"],
                [1, "王 建华", "男", "总务处", "139-0000-0001", "操作人员", "早班"],
                [2, "李秀兰", "女", "总务处", "１３９００００００02", "维修人员", None],
                [3, None, None, None, None, None, None],
                [None, "合计", None, None, None, None, None],
                ["说明：请提前到场"],
            ]
        )
        self.import_file(content)
        people = self.operation.registration_ids.sorted("phone")
        self.assertEqual(people.mapped("name"), ["王 建华", "李秀兰"])
        self.assertEqual(people.mapped("phone"), ["+8613900000001", "+8613900000002"])

    def test_column_that_nobody_knows(self):
        """R-T07: is named; a phone isn't lost because of its title."""
        content = sheet([["姓名", "小灵通"], ["王建华", "13900000001"]])
        with self.assertRaisesRegex(UserError, "小灵通"):
            self.import_file(content)

    def test_csv_of_both_encodings(self):
        """R-T07: as Excel in China saves it, and with semicolons."""
        for number, (text, encoding) in enumerate(
            (
                ("姓名,手机\n王建华,139000001{}\n", "gb18030"),
                ("姓名;手机\n李秀兰;139000002{}\n", "utf-8-sig"),
            )
        ):
            content = base64.b64encode(text.format(f"0{number}").encode(encoding))
            self.import_file(content, "名单.csv")
        self.assertEqual(self.plan.booked_count, 2)

    def test_every_wrong_row_is_named_and_nothing_imported(self):
        """R-T07: formulas, phones that are none, unknown roles, missing names."""
        content = sheet(
            [
                ["姓名", "手机", "角色"],
                ["王建华", "13900000001", "操作人员"],
                ['=HYPERLINK("http://x")', "13900000002", ""],
                ["李秀兰", "abc", ""],
                ["张德明", "13900000004", "厨师"],
                ["", "13900000005", ""],
            ]
        )
        with self.assertRaises(UserError) as refusal:
            self.import_file(content)
        lines = str(refusal.exception).splitlines()
        self.assertEqual(
            [line.split(":")[0] for line in lines], ["Row 2", "Row 3", "Row 4", "Row 5"]
        )
        self.assertFalse(self.operation.registration_ids)

    def test_files_that_are_none(self):
        """R-T07: wrong columns, another kind of file, too many rows, too large."""
        good = [["姓名"], ["王建华"]]
        for content, filename, reason in (
            (sheet([["货号", "数量"], [1, 2]]), "a.xlsx", "货号"),
            (sheet([["姓名", "工资"], ["王建华", 1]]), "a.xlsx", "工资"),
            (sheet([["姓名"]]), "a.xlsx", "no rows"),
            (base64.b64encode(b"PK not a sheet"), "a.xlsx", "readable"),
            (base64.b64encode(b"\xff\xfe\x00\xd8\xff"), "a.csv", "readable|columns"),
            (sheet(good), "a.pdf", "neither"),
            (base64.b64encode(b""), "a.csv", "file or paste|columns"),
        ):
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, reason):
                self.import_file(content, filename)
        rows = [["姓名"], *([f"学员{number}"] for number in range(10_000))]
        with self.assertRaisesRegex(UserError, str(MOST_ROWS)):
            self.import_file(sheet(rows))
        with (
            patch("odoo.addons.aftersales_training.tools.LARGEST_FILE", 10),
            self.assertRaisesRegex(UserError, "larger"),
        ):
            self.import_file(sheet(good))

    def test_rows_of_other_programs(self):
        """R-T07: what is no list of rows is refused."""
        for bad in (
            None,
            [],
            "王建华",
            ["王建华"],
            [{"name": "王建华", "salary": 1}],
            [{"name": "@SUM(1)"}],
            [{"name": "王建华"}] * (MOST_ROWS + 1),
        ):
            with self.subTest(bad=str(bad)[:40]), self.assertRaises(UserError):
                self.plan.import_attendees(rows=bad)

    def test_pasted_list(self):
        """R-T07: parts in any order, separated as people do."""
        rows = read_text(
            "王建华 13900000001 操作人员\n\n"
            "13900000002\t李秀兰\t维修\n张德明，139-0000-0003"
        )
        self.assertEqual(
            rows,
            [
                {"name": "王建华", "phone": "13900000001", "role": "操作人员"},
                {"name": "李秀兰", "phone": "13900000002", "role": "维修"},
                {"name": "张德明", "phone": "139-0000-0003", "role": ""},
            ],
        )
        self.import_file(False, text="王建华 13900000001\n李秀兰 13900000002")
        self.assertEqual(self.plan.booked_count, 2)
        with self.assertRaises(UserError):
            self.import_file(False)
