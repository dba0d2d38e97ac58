from odoo import fields, models
from odoo.exceptions import UserError

from ...tools import act_time, check_keys, prepare_files, require_text
from ..act.declaration import act

CHECK = ("complete", "misuse", "note", "told", "photos", "at")


class AftersalesRequest(models.Model):
    """What the engineer looks at before repairing, and tells the customer (R-S17)."""

    _inherit = "aftersales.request"

    checked_at = fields.Datetime(readonly=True, copy=False)
    check_complete = fields.Boolean(
        string="Nothing Missing", readonly=True, copy=False, help="No part is missing."
    )
    check_misuse = fields.Boolean(
        string="Signs of Misuse", readonly=True, copy=False, tracking=True
    )
    check_note = fields.Text(string="Finding", readonly=True, copy=False)
    check_told = fields.Char(
        string="Told To",
        readonly=True,
        copy=False,
        help="Who of the customer was told of the finding.",
    )

    check_photo_ids = fields.Many2many(
        "ir.attachment",
        "aftersales_request_check_photo_rel",
        string="Photos of the Finding",
        readonly=True,
        copy=False,
    )

    @act("check", states=("assigned", "replied", "dispatched", "on_site"))
    def action_check(self, vals, ref=None):
        """Record completeness and signs of misuse before the repair (R-S17).

        Misuse becomes the cause; the warranty decides anew who pays (R-W08).

        :param vals: dict of complete (bool), misuse (bool), note (required when
            something is missing or misused), told (name of who was told; required
            then, too), photos (list of dict(name, data in base64); misuse needs one,
            here or on the visit), at (UTC time, empty for now)
        :return: dict(id, state, coverage)
        :raise UserError: names what is missing; misuse without any photo
        """
        vals = check_keys(self.env, vals, CHECK)
        if vals.get("misuse") or not vals.get("complete"):
            require_text(self.env, vals.get("note"), self.env._("Finding"))
            require_text(self.env, vals.get("told"), self.env._("Told To"))
        for request in self.sudo():
            after = request.arrived_at or request.replied_at or request.reported_at
            request.write(
                {
                    "checked_at": act_time(self.env, vals.get("at"), after),
                    "check_complete": bool(vals.get("complete")),
                    "check_misuse": bool(vals.get("misuse")),
                    "check_note": vals.get("note") or False,
                    "check_told": vals.get("told") or False,
                }
            )
            request._file_check_photos(vals.get("photos") or [])
            if request.check_misuse:
                request.cause_id = self.env.ref("aftersales_service.cause_misuse")
        return {"coverage": self[-1:].sudo().coverage}

    def _file_check_photos(self, photos):
        """Misuse makes the customer pay: it is shown, not only said (R-S17)."""
        vals_list = prepare_files(self, photos)
        self.check_photo_ids += self.env["ir.attachment"].create(vals_list)
        seen = self.check_photo_ids | self.visit_ids.photo_ids
        if self.check_misuse and not any(
            (photo.mimetype or "").startswith("image/") for photo in seen
        ):
            raise UserError(
                self.env._(
                    "%s: signs of misuse need at least one photo, here or on the"
                    " visit.",
                    self.name,
                )
            )
