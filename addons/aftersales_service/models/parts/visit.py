from odoo import fields, models


class AftersalesVisit(models.Model):
    """The parts that a visit takes along (R-P06)."""

    _inherit = "aftersales.visit"

    part_line_ids = fields.One2many("aftersales.part.line", "visit_id", string="Parts")

    def _cancel(self, reason):
        """What was reserved for a cancelled visit is free (R-P06)."""
        result = super()._cancel(reason)
        lines = self.sudo().part_line_ids.filtered(
            lambda line: line.state in ("approved", "reserved")
        )
        lines._free()
        lines.filtered("request_id").visit_id = False
        return result

    def _move_to(self, start, stop, *args, **kwargs):
        """The transfers of its parts follow the visit's time."""
        result = super()._move_to(start, stop, *args, **kwargs)
        # whoever moves a visit may not write the stock
        self.sudo().part_line_ids._get_open_moves("issue").date = start
        return result

    def _after_fail(self, values):
        """Parts that could not be fitted go along with the next visit (R-D13)."""
        result = super()._after_fail(values)
        waiting = self.sudo().part_line_ids.filtered(
            lambda line: line.state not in ("used", "returned", "refused")
        )
        following = self.sudo().search(
            [("origin_visit_id", "in", waiting.visit_id.ids)]
        )
        for visit in following:
            waiting.filtered(
                lambda line, v=visit: line.visit_id == v.origin_visit_id
            ).visit_id = visit
        return result

    def _on_completed(self):
        """Who still has parts is told to fit them or to bring them back (R-P07)."""
        result = super()._on_completed()
        for visit in self:
            out = visit.part_line_ids.filtered(lambda line: line.state == "issued")
            if out:
                names = ", ".join(out.mapped("display_name"))
                visit.user_id._aftersales_assign(
                    visit, lambda v, env, n=names: env._("Fit or bring back: %s", n)
                )
        return result

    # ------------------------------------------------------------------
    # Pick list
    # ------------------------------------------------------------------

    def _get_parts_to_take(self):
        """Approved parts that go along."""
        return self.part_line_ids.filtered(
            lambda line: (
                line.state in ("approved", "reserved", "issued") and not line.is_drawing
            )
        )

    def _get_pick_list_name(self):
        return self.env._("Pick list %s", self[:1].name)

    def _get_pick_lists(self):
        """What each technician takes along on these visits (R-P06).

        :return: list of dict(technician, visits, parts), parts being a list of
            dict(product, store, quantity, short, lots), the sum over the visits
        """
        return [
            {
                "technician": technician.name,
                "visits": visits.sorted(lambda v: v.scheduled_start or v.create_date),
                "parts": visits._get_parts_to_take()._sum_parts(),
            }
            for technician, visits in self.grouped("lead_employee_id").items()
        ]


class AftersalesPartLine(models.Model):
    _inherit = "aftersales.part.line"

    def _get_taken_lots(self):
        """Serial numbers reserved or issued for these parts."""
        moves = self.move_ids.filtered(
            lambda m: m.aftersales_part_act == "issue" and m.state != "cancel"
        )
        return moves.move_line_ids.lot_id

    def _sum_parts(self):
        """These parts by product and store; see the visits' pick list."""
        keys = self.grouped(lambda line: (line.product_id, line._get_store()))
        return [
            {
                "product": product,
                "store": store,
                "quantity": sum(lines.mapped("quantity")),
                "short": sum(lines.mapped("shortage_qty")),
                "lots": lines._get_taken_lots().mapped("name"),
            }
            for (product, store), lines in keys.items()
        ]
