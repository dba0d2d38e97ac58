from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 500


class AftersalesWarrantyCard(models.Model):
    """What the calendar does by itself (R-W13, R-W04).

    Each job finds what is due by an index, works in committed batches and takes only
    what no other scheduler holds: its cost grows with what is due, nothing is done
    twice.
    """

    _inherit = "aftersales.warranty.card"

    @api.model
    def _cron_start_unsigned(self):
        """Start what was delivered long ago and nobody signed for (R-W02)."""
        self._work_off(
            lambda today: (
                Domain("fallback_on", "<=", today)
                & Domain("start_date", "=", False)
                & Domain("is_void", "!=", True)
            ),
            lambda cards: cards._start_unsigned(),
        )

    @api.model
    def _cron_remind(self):
        """Tell customers that their warranty ends soon, once (R-W13)."""
        self._work_off(
            lambda today: Domain("next_reminder_on", "<=", today),
            lambda cards: cards._remind(),
        )

    @api.model
    def _cron_plan_maintenance(self):
        """Plan the visit that shows performance before the term ends (R-W04)."""
        self._work_off(
            lambda today: Domain("next_maintenance_on", "<=", today),
            lambda cards: cards._plan_maintenance(),
        )

    def _work_off(self, get_domain, act):
        """Do what is due, in committed batches.

        :param get_domain: function of a local date → domain of what is due; what is
            done must not match it any more
        :param act: function of a batch of cards
        """
        domain = self._get_daily_domain(get_domain)
        while due := self.search(domain, limit=BATCH, order="id"):
            cards = due.try_lock_for_update(allow_referencing=True)
            for company, group in cards.grouped("company_id").items():
                act(group.with_context(lang=company.partner_id.lang))
            progress = self.env["ir.cron"]._commit_progress(
                len(cards), remaining=int(len(due) == BATCH)
            )
            if not cards or not progress or len(due) < BATCH:
                break

    # ------------------------------------------------------------------
    # Start without a signature
    # ------------------------------------------------------------------

    def _start_unsigned(self):
        """Begin on the promised day; what the customer rejected goes on waiting."""
        rejected = self._get_rejected()
        for company, cards in rejected.grouped("company_id").items():
            day = fields.Date.add(
                cards._get_today(), days=max(company.warranty_fallback_days, 1)
            )
            cards.write({"fallback_on": day})
        events = self.env["aftersales.warranty.event"]
        events._log(rejected, "postponed", self.env._("Rejected by the customer"))
        groups = (self - rejected).grouped(lambda c: (c.delivered_on, c.fallback_on))
        for (delivered, day), cards in groups.items():
            reason = self.env._(
                "No acceptance was signed within %(days)s days of the delivery on"
                " %(day)s",
                days=(day - delivered).days,
                day=delivered,
            )
            cards._activate(day, "fallback", reason)

    def _get_rejected(self):
        """Cards of goods that the customer rejected, or whose defect isn't cured."""
        lines = self.env["aftersales.acceptance.line"].search(
            Domain("order_line_id", "in", self.order_line_id.ids)
            & (
                Domain("acceptance_id.state", "=", "rejected")
                | Domain("acceptance_id.state", "=", "accepted_with_remarks")
                & Domain("acceptance_id.completed_on", "=", False)
                & Domain("defective_qty", ">", 0)
            )
        )
        return self.filtered(
            lambda card: any(
                line.order_line_id == card.order_line_id
                and (not card.is_serial or card.lot_id in line._get_refused_lots())
                for line in lines
            )
        )

    # ------------------------------------------------------------------
    # Reminder
    # ------------------------------------------------------------------

    def _remind(self):
        """One mail and one task for all cards of a customer that end the same day."""
        running = self.filtered(lambda card: card.end_date >= card._get_today())
        for card in self:
            card.reminded_until = card.end_date
        text = self.env._("Reminded that the warranty ends soon")
        self.env["aftersales.warranty.event"]._log(running, "reminded", text)
        groups = running.grouped(
            lambda card: (card.company_id, card.partner_id, card.end_date)
        )
        template = self.env.ref("aftersales_warranty.mail_template_reminder")
        for (company, partner, _end), cards in groups.items():
            first = cards[:1]
            if partner.email:
                first.message_post_with_source(
                    template, subtype_xmlid="mail.mt_comment"
                )
            people = first.order_id.user_id or company.aftersales_supervisor_id
            people._aftersales_assign(
                first,
                lambda card, env: env._(
                    "Warranty ends on %(day)s (%(count)s cards): offer what follows",
                    day=card.end_date,
                    count=len(card._get_ending_cards()),
                ),
            )

    def _get_ending_cards(self):
        """Cards of the same customer that end the same day, for the reminder."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("end_date", "=", self.end_date),
                ("is_void", "!=", True),
            ]
        )

    # ------------------------------------------------------------------
    # Final maintenance
    # ------------------------------------------------------------------

    def _plan_maintenance(self):
        """One visit for all units of a customer whose term ends the same day."""
        running = self.filtered(lambda card: card.end_date >= card._get_today())
        for card in self:
            card.maintained_until = card.end_date
        groups = running.grouped(
            lambda card: (
                card.company_id,
                card.partner_id,
                card.order_id,
                card.end_date,
            )
        )
        rows = self.env["aftersales.warranty.maintenance"]
        for cards in groups.values():
            visit = cards._get_planned_visit() or cards._create_maintenance_visit()
            visit.lot_ids |= cards.lot_id
            rows.create(cards._prepare_maintenance_vals(visit))
        self.env["aftersales.warranty.event"]._log(
            running,
            "maintenance_planned",
            lambda card: self.env._("Before the term ends on %s", card.end_date),
        )

    def _get_planned_visit(self):
        """A visit that an earlier batch planned for the same goods."""
        first = self[:1]
        rows = self.env["aftersales.warranty.maintenance"].search(
            [
                ("card_id.order_id", "=", first.order_id.id),
                ("card_id.partner_id", "=", first.partner_id.id),
                ("term_end", "=", first.end_date),
                ("visit_id.state", "=", "draft"),
            ],
            limit=1,
        )
        return rows.visit_id if first.order_id else rows.visit_id.browse()

    def _create_maintenance_visit(self):
        first = self[:1]
        visit = self.env["aftersales.visit"].create(
            {
                "kind": "maintenance",
                "partner_id": first.partner_id.id,
                "order_id": first.order_id.id,
                "company_id": first.company_id.id,
                "warranty_end": first.end_date,
            }
        )
        visit._sla_event("maintenance_planned")
        visit._sla_recipients("supervisor")._aftersales_assign(
            visit,
            lambda v, env: env._("Final maintenance before %s", v.warranty_end),
        )
        return visit

    def _prepare_maintenance_vals(self, visit):
        """Values of the record of results of each card."""
        default = [self.env._("Works as specified")]
        return [
            {
                "card_id": card.id,
                "term_end": card.end_date,
                "visit_id": visit.id,
                "line_ids": [
                    fields.Command.create({"name": name})
                    for name in card.product_id._get_acceptance_criteria() or default
                ],
            }
            for card in self
        ]
