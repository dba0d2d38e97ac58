import importlib.util

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools.misc import file_path

from ..identity import name_key, read_phones, serial_key
from .test_request import RequestCase

MOBILE, LANDLINE = "+8613700007001", "+862162180000"
PHONES = {
    MOBILE: (
        "13700007001",
        "137 0000 7001",
        "137-0000-7001",
        "137.0000.7001",
        "+86-137-0000-7001",
        "+86 137 0000 7001",
        "0086 137 0000 7001",
        "(86)13700007001",
        "（+86）13700007001",
        "86 137 0000 7001",
        "086-137-0000-7001",
        "１３７００００７００１",
        "１３７－００００－７００１",
        "137\u200b0000\u200b7001",
        "\u202a13700007001\u202c",
        "  13700007001\n",
        "手机：13700007001",
        "Tel: 13700007001",
        "王小明 13700007001",
        "13700007001（王）",
        "17951 13700007001",
    ),
    LANDLINE: (
        "02162180000",
        "021-62180000",
        "021—6218—0000",
        "(021) 6218 0000",
        "（021）6218 0000",
        "+86 21 6218 0000",
        "+86 (0)21 6218 0000",
        "86-21-62180000",
        "0086-21-62180000",
        "办公室电话:021-6218 0000",
    ),
    "+4930901820": ("+49 30 901820", "0049 30 901820"),
    "+864008208820": ("400-820-8820", "400 820 8820"),
    "8612399": ("8612399", "861 2399", "861-2399"),
    "95588": ("95588",),
}
EXTENSIONS = (
    "021-62180000转801",
    "021-62180000 转 801",
    "021-62180000-801",
    "021-62180000 ext. 801",
    "021-62180000#801",
    "021-62180000x801",
    "(021)62180000 分机801",
    "021-62180000 分机号：801",
)
BOTH = (
    "13700007001/021-62180000",
    "13700007001，021-62180000",
    "13700007001；021-62180000",
    "13700007001、021-62180000",
    "13700007001 021-62180000",
    "13700007001或021-62180000",
    "手机 13700007001 / 电话 021-62180000",
    "13700007001\n021-62180000",
)
NONE = (
    "",
    " ",
    "unknown",
    "未知",
    "无",
    "-",
    "110",
    "00000000",
    "KZ260009",
    "1" * 16,
    None,
)
GS = "\x1d"
SERIALS = {
    "KZ260009": (
        "KZ260009",
        " KZ260009",
        "KZ260009 ",
        "kz260009",
        "Kz 260 009",
        "KZ260009\n",
        "KZ\r\n260009",
        "KZ\t260009",
        "ＫＺ２６０００９",
        "ｋｚ２６０００９",
        "KZ\u3000260009",
        "KZ\u200b260009",
        "\ufeffKZ260009",
        "KZ\u00a0260009",
        "SN: KZ260009",
        "S/N:KZ260009",
        "sn：kz260009",
        "Serial No.: KZ260009",
        "序列号：KZ260009",
        "编号: KZ260009",
        "(01)06901234567892(21)KZ260009",
        "(21)KZ260009(10)L1",
        f"]C10106901234567892{GS}21KZ260009",
        "]C121KZ260009",
        "010690123456789221KZ260009",
        f"]d20106901234567892 21KZ260009{GS}10LOT1",
        f"0106901234567892{GS}1126010110LOT{GS}21KZ260009",
        f"{GS}0106901234567892" + "21KZ260009",
    ),
    "KZ-260-A": ("KZ-260-A", "KZ–260—A", "kz－260－a"),
    "21KZ260009": ("21KZ260009",),
    "0102345": ("0102345",),
    "": ("", " ", "\n", None, "\u200b"),
}


@tagged("post_install", "-at_install")
class TestSpellings(BaseCase):
    def test_phones(self):
        """R-N09: one number, however it is written."""
        for number, spellings in PHONES.items():
            for text in spellings:
                with self.subTest(text=text):
                    self.assertEqual([p[:] for p in read_phones(text)], [(number, "")])
        for text in EXTENSIONS:
            with self.subTest(text=text):
                self.assertEqual([p[:] for p in read_phones(text)], [(LANDLINE, "801")])
        for text in BOTH:
            with self.subTest(text=text):
                numbers = [p.number for p in read_phones(text)]
                self.assertEqual(numbers, [MOBILE, LANDLINE])
        for text in NONE:
            with self.subTest(text=text):
                self.assertFalse(read_phones(text))
        self.assertEqual(read_phones("62180000", area="021")[0].number, LANDLINE)
        lines = [p.number for p in read_phones("021-62180000/01")]
        self.assertEqual(lines, [LANDLINE, "+862162180001"])
        self.assertEqual(read_phones("030 901820", "DE")[0].number, "+4930901820")

    def test_serial_numbers(self):
        """R-N09: width, case, blanks, line feeds and bar codes don't count."""
        for key, spellings in SERIALS.items():
            for text in spellings:
                with self.subTest(text=text):
                    self.assertEqual(serial_key(text), key)

    def test_names(self):
        """R-N09: blanks, width and dots don't count, other letters do."""
        for text in ("王小明", "王 小明", "王　小 明", " 王小明\n"):
            self.assertEqual(name_key(text), "王小明")
        self.assertEqual(name_key("买买提•艾力"), name_key("买买提·艾力"))
        self.assertEqual(name_key("Ｗang Xiao"), name_key("wangxiao"))
        self.assertNotEqual(name_key("王小明"), name_key("王小民"))


@tagged("post_install", "-at_install")
class TestWhoCalls(RequestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.lot = cls.env["stock.lot"].create(
            {"name": "KZ260009", "product_id": cls.desk.id}
        )
        cls.chair = cls.desk.create(
            {"name": "椅子", "is_storable": True, "tracking": "serial"}
        )

    def call(self, phone, **vals):
        caller = {"partner_id": None, "address": "南京西路1266号", **vals}
        return self.register(phone=phone, **caller)

    def partner_with(self, phone, name="赵六", **vals):
        return self.env["res.partner"].create({"name": name, "phone": phone, **vals})

    def test_every_spelling_finds_the_customer(self):
        """R-N09: the number that is kept may be written in any way, too."""
        customer = self.partner_with("0086 (137) 0000-7001 / 021-62180000")
        for phone in (*PHONES[MOBILE][:12], *PHONES[LANDLINE][:6], *BOTH[:2]):
            with self.subTest(phone=phone):
                self.assertEqual(self.call(phone).partner_id, customer)

    def test_local_call_is_nobodys_mobile(self):
        """R-N09: seven digits are a hint to who it may be, never a customer."""
        stranger = self.partner_with("13718612399")
        other = self.partner_with("021-68612399", "钱七")
        with self.assertRaisesRegex(UserError, "赵六"):
            self.call("8612399")
        request = self.call("8612399", contact_name="孙八")
        self.assertFalse(request.partner_id)
        shown = request.with_user(self.users["agent"]).possible_partner_ids
        self.assertEqual(shown, stranger | other)
        request.partner_id = other
        self.assertFalse(request.possible_partner_ids)

    def test_area_code_of_the_company(self):
        """R-N09: a local number is one of our town."""
        there = self.partner_with("021-68612399")
        self.partner_with("010-68612399", "北京")
        self.company.aftersales_area_code = "021"
        self.assertEqual(self.call("68612399").partner_id, there)

    def test_several_with_one_number(self):
        """R-N09: never guessed; a name that was said, too, tells which."""
        first = self.partner_with("13700007001", "赵六")
        second = self.partner_with("137 0000 7001", "钱七")
        with self.assertRaisesRegex(UserError, "钱七"):
            self.call("13700007001")
        self.assertEqual(
            self.call("13700007001", contact_name="钱 七").partner_id, second
        )
        request = self.call("13700007001", contact_name="孙八")
        self.assertFalse(request.partner_id)
        self.assertEqual(request.possible_partner_ids, first | second)

    def test_family_with_one_number_is_one_customer(self):
        """R-N09: contacts of one school are that school."""
        school = self.partner_with("021-62180000", "实验小学", is_company=True)
        self.partner_with("021-62180000", "张老师", parent_id=school.id)
        self.assertEqual(self.call("02162180000").partner_id, school)

    def test_extension_tells_who_of_a_switchboard(self):
        """R-N09: one line, several people."""
        first = self.partner_with("021-62180000转801", "赵六")
        self.partner_with("021-62180000转802", "钱七")
        self.assertEqual(self.call("021-62180000-801").partner_id, first)
        with self.assertRaises(UserError):
            self.call("021-62180000")

    def test_we_are_not_our_own_customer(self):
        """R-N09: a call from our own line is of no customer."""
        self.company.partner_id.phone = "021-62180000"
        self.assertFalse(self.call("021-62180000", contact_name="门卫").partner_id)

    def test_duplicates_by_phone(self):
        """R-N09: the same number under two spellings, without a customer."""
        first = self.call("137 0000 7001", contact_name="孙八")
        second = self.call("+86-137-0000-7001/021-62180000", contact_name="孙太太")
        self.assertEqual(second.duplicate_ids, first)
        other = self.call("13800007001", contact_name="周九")
        self.assertFalse(other.duplicate_ids)

    def test_complaint_finds_by_any_spelling(self):
        """R-N09 R-C01: phone, serial number or name in one field."""
        requests = self.env["aftersales.request"].with_user(self.users["stranger"])
        for contact in ("１３８ 1234 5678", "王　小明", "王小明 13812345678"):
            with self.subTest(contact=contact):
                id_ = requests.report_complaint(contact=contact, problem="差")
                request = self.env["aftersales.request"].browse(id_)
                self.assertEqual(request.partner_id, self.partner)
        id_ = requests.report_complaint(contact="kz 260009", problem="差")
        self.assertEqual(self.env["aftersales.request"].browse(id_).lot_id, self.lot)

    # -- serial numbers ----------------------------------------------------

    def test_every_spelling_finds_the_unit(self):
        """R-N09: in the register."""
        for serial in SERIALS["KZ260009"]:
            with self.subTest(serial=serial):
                request = self.register(serial=serial, product_id=None)
                self.assertEqual(request.lot_id, self.lot)

    def test_number_on_two_products(self):
        """R-N09: the product decides; without it both are named."""
        chair = self.lot.create({"name": "kz260009", "product_id": self.chair.id})
        with self.assertRaisesRegex(UserError, "椅子"):
            self.register(serial="KZ 260009", product_id=None)
        for lot in (self.lot, chair):
            request = self.register(serial="KZ 260009", product_id=lot.product_id.id)
            self.assertEqual(request.lot_id, lot)

    def test_number_of_another_product(self):
        """R-N09: refused, whatever the client."""
        vals = {"product_id": self.chair.id}
        with self.assertRaisesRegex(UserError, "升降课桌"):
            self.register(serial="kz260009", **vals)
        with self.assertRaises(ValidationError):
            self.register(lot_id=self.lot.id, **vals)
        request = self.register(lot_id=self.lot.id)
        with self.assertRaises(ValidationError):
            request.with_user(self.users["agent"]).product_id = self.chair

    def test_spelling_of_its_own_unit_comes_first(self):
        """R-N09: units kept twice stay apart as long as each is spelt its own way."""
        twin = self.lot.create({"name": "kz260009", "product_id": self.desk.id})
        for lot in (self.lot, twin):
            self.assertEqual(self.register(serial=lot.name).lot_id, lot)
        with self.assertRaises(UserError):
            self.register(serial="KZ 260009")

    def test_upgrade_fills_the_columns(self):
        """R-N09: of archived ones, too; what is no number stays without one."""
        gone = self.partner_with("137 0000 7001", active=False)
        none = self.partner_with("unknown")
        request = self.call("13700007001", contact_name="孙八")
        self.env.flush_all()
        for table, name in (
            ("res_partner", "aftersales_phone_key"),
            ("stock_lot", "aftersales_serial_key"),
            ("aftersales_request", "aftersales_phone_key"),
        ):
            self.env.cr.execute(f"UPDATE {table} SET {name} = NULL")
        self.env.invalidate_all()
        folder = "aftersales_service/migrations/19.0.2.0.0"
        path = file_path(f"{folder}/post-identity.py")
        spec = importlib.util.spec_from_file_location("post_identity", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.1.5.0")
        self.assertEqual(self.lot.aftersales_serial_key, "KZ260009")
        self.assertEqual(gone.aftersales_phone_key, f"{MOBILE} ~0007001")
        self.assertEqual(request.aftersales_phone_key, gone.aftersales_phone_key)
        self.assertFalse(none.aftersales_phone_key)

    def test_found_by_the_index(self):
        """R-N09: nothing reads all customers, requests or units."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        partners = self.env["res.partner"].with_user(SUPERUSER_ID)
        plans = {
            "res_partner_aftersales_phone_idx": partners._search(
                partners._get_phone_domain(["~0007001"])
            ),
            "aftersales_request_phone_idx": self.env["aftersales.request"]._search(
                self.env["aftersales.request"]._get_phone_domain([MOBILE])
            ),
        }
        for index, query in plans.items():
            self.env.cr.execute(
                "EXPLAIN " + self.env.cr.mogrify(query.select()).decode()
            )
            plan = "\n".join(row[0] for row in self.env.cr.fetchall())
            self.assertIn(index, plan)
