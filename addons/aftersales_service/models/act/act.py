from odoo import fields, models

ORIGINS = [
    ("ui", "Screen"),
    ("rpc", "Other Program"),
    ("portal", "Customer's Page"),
    ("field", "Field App"),
    ("mail", "Mail"),
    ("phone", "Telephone"),
    ("scheduler", "Scheduler"),
]
GRADES = [
    ("server", "Recorded at Once"),
    ("bounded", "Bounded by Evidence"),
    ("agreed", "Clock Agreed"),
    ("claimed", "Claimed"),
    ("taken_over", "Taken Over"),
]


class AftersalesAct(models.Model):
    """Who did what to which record, when it happened and when it was recorded (R-E01).

    Rows are only added. A trigger in the database refuses every change but masking;
    plain numbers instead of foreign keys keep merges and deletions out of it. Each
    row's digest seals the row before it (``seal.py``), so that ``verify`` names what
    doesn't fit.
    """

    _name = "aftersales.act"
    _description = "After-sales Act"
    _order = "id desc"
    _log_access = False
    _rec_name = "code"

    res_model = fields.Char(string="Record Model", required=True, readonly=True)
    res_id = fields.Integer(string="Record ID", required=True, readonly=True)
    res_name = fields.Char(string="Document", readonly=True)
    number = fields.Integer(required=True, readonly=True, help="Place in its chain.")
    code = fields.Char(string="Act", required=True, readonly=True)
    at = fields.Datetime(string="Happened On", required=True, readonly=True)
    recorded_at = fields.Datetime(required=True, readonly=True)
    user_id = fields.Integer(string="User ID", required=True, readonly=True)
    origin = fields.Selection(ORIGINS, required=True, readonly=True)
    call_id = fields.Integer("Call of a Program", readonly=True)
    parent_id = fields.Integer(string="Within Act", readonly=True)
    # Odoo takes a number named company_id for a record where it refuses a reader
    company = fields.Integer(string="Company ID", readonly=True)
    values = fields.Text(readonly=True, help="JSON; empty when masked.")
    salt = fields.Char(readonly=True)
    values_digest = fields.Char(readonly=True)
    masked_at = fields.Datetime(readonly=True)
    device_at = fields.Datetime(string="Device Clock", readonly=True)
    not_before = fields.Datetime(readonly=True)
    not_after = fields.Datetime(readonly=True)
    grade = fields.Selection(GRADES, required=True, readonly=True)
    key_id = fields.Char("Sealed With", required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    previous = fields.Char(string="Previous Digest", readonly=True)

    user_name = fields.Char(string="By", compute="_compute_user_name")

    _chain_uniq = models.UniqueIndex("(res_model, res_id, number)")

    def init(self):
        """Refuse every change of a row, but for masking it once."""
        self.env.cr.execute(TRIGGER)

    def _compute_user_name(self):
        users = self.env["res.users"].sudo().browse(self.mapped("user_id")).exists()
        names = {user.id: user.name for user in users}
        for act in self:
            act.user_name = names.get(act.user_id, str(act.user_id))

    def action_open_record(self):
        """Open what the act was done on; its own rights are asked there."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }


MASKED = "ARRAY['values', 'salt', 'masked_at']"
TRIGGER = f"""
    CREATE OR REPLACE FUNCTION aftersales_act_refuse() RETURNS trigger AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'aftersales_act' THEN
            IF OLD.masked_at IS NULL AND NEW.masked_at IS NOT NULL
               AND NEW.values IS NULL AND NEW.salt IS NULL
               AND to_jsonb(NEW) - {MASKED} = to_jsonb(OLD) - {MASKED} THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'Rows of % are never changed or deleted.', TG_TABLE_NAME;
    END $$ LANGUAGE plpgsql;
    CREATE OR REPLACE TRIGGER aftersales_act_rows
        BEFORE UPDATE OR DELETE ON aftersales_act
        FOR EACH ROW EXECUTE FUNCTION aftersales_act_refuse();
    CREATE OR REPLACE TRIGGER aftersales_act_table
        BEFORE TRUNCATE ON aftersales_act
        FOR EACH STATEMENT EXECUTE FUNCTION aftersales_act_refuse();
"""


class AftersalesActHead(models.Model):
    """The end of one record's chain: how many acts, and the digest of the last.

    Taking the row by UPDATE serialises two acts on one record; a chain whose end was
    cut off doesn't fit its head.
    """

    _name = "aftersales.act.head"
    _description = "After-sales Act Head"
    _log_access = False
    _rec_name = "digest"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    count = fields.Integer(required=True, readonly=True)
    digest = fields.Char(readonly=True)
    key_id = fields.Char(readonly=True)
    seal = fields.Char(readonly=True, help="Keyed digest of this row.")
    rooted = fields.Integer(
        readonly=True, help="How many of the acts are in the last daily root."
    )

    _record_uniq = models.UniqueIndex("(res_model, res_id)")
    _unrooted_idx = models.Index("(id) WHERE rooted <> count")
