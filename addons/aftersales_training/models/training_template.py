from odoo import api, fields, models


class AftersalesTrainingTemplate(models.Model):
    """A session of the curriculum (R-T02, R-T03, R-T05, R-T06).

    A session copies what it is held under: changing a template later changes nothing
    that was promised already.
    """

    _name = "aftersales.training.template"
    _description = "Training Session Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("observation", "Observation on Site"),
            ("operation", "Operation and Safety"),
            ("maintenance", "Maintenance"),
            ("dismantling", "Dismantling and Testing"),
            ("monitoring", "Monitoring Equipment"),
            ("handover", "Handover Meeting"),
            ("use", "Use after Acceptance"),
        ],
        required=True,
    )
    category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="Only for orders that promise training for products of these categories."
        " Empty: for every plan.",
    )
    installed_only = fields.Boolean(
        string="Only If Installed",
        help="Only for orders whose products are installed by us (R-T02).",
    )
    content = fields.Text(translate=True, help="What is taught, a topic on each line.")
    material = fields.Text(
        translate=True, help="What is handed out, a document on each line (R-T06)."
    )
    counts = fields.Boolean(
        string="Counts as Training",
        default=True,
        help="Who attends is one of the people promised in the contract (R-T01).",
    )
    survey_id = fields.Many2one(
        "survey.survey",
        string="Test",
        domain=[("scoring_type", "!=", "no_scoring")],
        help="People take it on their phones; its result is their score.",
    )
    pass_mark = fields.Float(
        string="Pass Mark (%)",
        compute="_compute_pass_mark",
        store=True,
        readonly=False,
        precompute=True,
        help="0: there is no test; who attended is trained.",
    )
    anchor = fields.Selection(
        [
            ("commissioning_start", "Start of Commissioning"),
            ("commissioning_end", "End of Commissioning"),
            ("accepted_on", "Acceptance"),
        ],
        required=True,
    )
    offset_months = fields.Integer(help="Calendar months after the anchor.")
    offset_days = fields.Integer(help="Days after the anchor.")
    hours = fields.Float(default=3, required=True)

    _hours_positive = models.Constraint("CHECK (hours > 0)", "How long does it last?")
    _pass_mark_percent = models.Constraint(
        "CHECK (pass_mark BETWEEN 0 AND 100)", "The pass mark is between 0 and 100 %."
    )

    @api.depends("survey_id")
    def _compute_pass_mark(self):
        for template in self:
            survey = template.survey_id.sudo()  # surveys belong to another app
            template.pass_mark = survey.scoring_success_min or template.pass_mark

    def _fits(self, order):
        """Whether the session belongs to what an order promises (R-T02).

        :param order: sale.order
        """
        products = order._get_training_lines().product_id
        wanted = set(self.category_ids.ids)
        paths = products.categ_id.mapped("parent_path")
        listed = {int(part) for path in paths for part in path.split("/") if part}
        installed = any(products.mapped("aftersales_installation"))
        return (not wanted or bool(wanted & listed)) and (
            installed or not self.installed_only
        )
