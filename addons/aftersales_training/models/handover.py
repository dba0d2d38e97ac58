from odoo import api, fields, models
from odoo.exceptions import UserError


class AftersalesTrainingHandover(models.Model):
    """The handover meeting within a week of the commissioning (R-T05).

    Three items: the commissioning report, the operating manual, and for each machine
    its key points and cautions. Signed minutes are proof and can't be changed.
    """

    _name = "aftersales.training.handover"
    _description = "Handover Meeting"
    _inherit = [
        "aftersales.portal.fields",
        "aftersales.act.mixin",
        "aftersales.link",
        "mail.thread",
    ]
    _order = "id desc"
    _check_company_auto = True
    _locked_states = ("signed",)

    name = fields.Char(compute="_compute_name", store=True, portal=True)
    plan_id = fields.Many2one(
        "aftersales.training.plan",
        required=True,
        ondelete="restrict",
        check_company=True,
        fixed=True,
        portal=True,
    )
    commissioned_at = fields.Datetime(
        related="plan_id.commissioned_at", string="Commissioning"
    )
    order_id = fields.Many2one(related="plan_id.order_id", portal=True)
    partner_id = fields.Many2one(
        related="plan_id.partner_id",
        store=True,
        string="Customer",
        index=True,
        portal=True,
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    user_id = fields.Many2one(related="plan_id.user_id", string="Responsible")
    event_id = fields.Many2one("event.event", string="Session", index="btree_not_null")
    place = fields.Char(portal=True)
    commissioning_report = fields.Boolean(help="First item of the agenda.", portal=True)
    commissioning_report_note = fields.Text(
        string="On the Commissioning Report", portal=True
    )
    operating_manual = fields.Boolean(help="Second item of the agenda.", portal=True)
    operating_manual_note = fields.Text(string="On the Operating Manual", portal=True)
    machine_ids = fields.One2many(
        "aftersales.training.handover.machine", "handover_id", string="Machines"
    )
    key_points = fields.Boolean(
        string="Key Points of Each Machine",
        compute="_compute_key_points",
        store=True,
        help="Third item of the agenda: explained for every machine.",
        portal=True,
    )
    participant_ids = fields.One2many(
        "aftersales.training.handover.participant",
        "handover_id",
        string="Participants",
    )
    material_ids = fields.One2many(
        "aftersales.training.material", "handover_id", string="Documents Handed over"
    )
    minutes = fields.Text(portal=True)
    held_at = fields.Datetime(string="Held on", readonly=True, copy=False, portal=True)
    signed_on = fields.Datetime(readonly=True, copy=False, portal=True)
    state = fields.Selection(
        [("draft", "In Preparation"), ("held", "Held"), ("signed", "Signed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        portal=True,
    )

    _plan_uniq = models.Constraint(
        "UNIQUE (plan_id)", "The plan has its handover meeting already."
    )

    @api.depends("plan_id.order_id.name")
    def _compute_name(self):
        for handover in self:
            handover.name = f"H-{handover.plan_id.order_id.name}"

    @api.depends("machine_ids.explained")
    def _compute_key_points(self):
        for handover in self:
            machines = handover.machine_ids
            handover.key_points = bool(machines) and all(machines.mapped("explained"))

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for handover in self:
            handover.access_url = f"/my/handovers/{handover.id}"
        return result

    def _get_settled_at(self):
        return self.signed_on

    def _get_report_base_filename(self):
        return self.env._("Handover Minutes %s", self.name)

    def _get_machine_groups(self):
        """The machines as the minutes list them: units explained alike together."""
        keys = self.machine_ids.grouped(
            lambda m: (m.product_id, m.key_points, m.cautions)
        )
        return list(keys.values())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(handover.state != "draft" for handover in self):
            raise UserError(self.env._("Minutes of a meeting held can't be deleted."))

    def _get_lock_refusal(self):
        return self.env._("%s is signed and can't be changed.", self.name)


class AftersalesTrainingHandoverPart(models.AbstractModel):
    """Part of the minutes: signed with them, unchangeable from then on (R-T05)."""

    _name = "aftersales.training.handover.part"
    _description = "Part of Handover Minutes"

    handover_id = fields.Many2one(
        "aftersales.training.handover",
        required=True,
        ondelete="cascade",
        index=True,
        parent=True,
    )

    def _get_lock_refusal(self):
        return self.handover_id._get_lock_refusal()


class AftersalesTrainingHandoverMachine(models.Model):
    """A machine whose operation is explained: key points and cautions (R-T05)."""

    _name = "aftersales.training.handover.machine"
    _description = "Machine Explained at the Handover"
    _inherit = ["aftersales.training.handover.part"]
    _order = "product_id, id"

    product_id = fields.Many2one("product.product", string="Machine", required=True)
    serial = fields.Char(string="Serial Number")
    quantity = fields.Float(default=1.0, required=True)
    key_points = fields.Text(
        string="Key Points of Operation",
        compute="_compute_texts",
        store=True,
        readonly=False,
    )
    cautions = fields.Text(compute="_compute_texts", store=True, readonly=False)
    explained = fields.Boolean()

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "How many machines are explained?"
    )

    @api.depends("product_id")
    def _compute_texts(self):
        for machine in self:
            lang = machine.handover_id.company_id.partner_id.lang
            product = machine.product_id.with_context(lang=lang)
            machine.key_points = machine.key_points or product.aftersales_key_points
            machine.cautions = machine.cautions or product.aftersales_cautions


class AftersalesTrainingHandoverParticipant(models.Model):
    """Who took part, for whom, and the signature (R-T05)."""

    _name = "aftersales.training.handover.participant"
    _description = "Participant of a Handover Meeting"
    _inherit = ["aftersales.training.handover.part"]
    _order = "side, id"

    name = fields.Char(string="Full Name", required=True)
    side = fields.Selection(
        [("customer", "Customer"), ("dealer", "Dealer"), ("other", "Third Party")],
        default="customer",
        required=True,
    )
    role = fields.Char(string="Position")
    phone = fields.Char()
    signature = fields.Image(
        attachment=True, max_width=1024, max_height=1024, readonly=True, copy=False
    )
    signed_on = fields.Datetime(readonly=True, copy=False)

    def _filter_locked(self):
        """A signature stays as it was given, with who gave it."""
        return super()._filter_locked() | self.filtered("signed_on")

    def _get_lock_refusal(self):
        if self.handover_id._filter_locked():
            return super()._get_lock_refusal()
        return self.env._("A signature stays as it was given.")
