import base64
import json
import zlib
from pathlib import Path

from odoo import api, fields, models
from odoo.tools import config

from . import seal


class AftersalesActRoot(models.Model):
    """One digest a day over all chains; it leaves the house (R-E01).

    Whoever could rewrite the database and had the key, too, would still need every
    copy of the roots: one is a file beside the filestore, one a mail to the managers.
    """

    _name = "aftersales.act.root"
    _description = "After-sales Act Root"
    _order = "id desc"
    _log_access = False
    _rec_name = "digest"

    at = fields.Datetime(required=True, readonly=True)
    number = fields.Integer(required=True, readonly=True)
    changed = fields.Integer(required=True, readonly=True, help="Chains that grew.")
    chains = fields.Text(readonly=True, help="Which, and their ends; compressed.")
    previous = fields.Char(readonly=True)
    digest = fields.Char(required=True, readonly=True)

    _number_uniq = models.UniqueIndex("(number)")

    @api.model
    def _cron_root(self):
        """Take the root over what grew since the last one and send it out."""
        chains = self._take_grown()
        last = self.search([], order="number desc", limit=1)
        if not chains:
            return
        text = seal.canonical(chains)
        root = self.create(
            {
                "at": fields.Datetime.now(),
                "number": last.number + 1,
                "changed": len(chains),
                "chains": pack(text),
                "previous": last.digest,
                "digest": seal.salted(last.digest or "", text),
            }
        )
        root._send_out()

    def _take_grown(self):
        """Ends of the chains that grew since the last root, in a fixed order."""
        self.env.cr.execute(
            """UPDATE aftersales_act_head SET rooted = count WHERE rooted <> count
               RETURNING res_model, res_id, count, digest"""
        )
        return sorted(self.env.cr.fetchall())

    def _send_out(self):
        """The file beside the filestore, and the mail to the managers."""
        line = f"{fields.Datetime.to_string(self.at)} {self.number} {self.digest}\n"
        with get_file(self.env.cr.dbname).open("a", encoding="ascii") as stream:
            stream.write(line)
        managers = (
            self.env["res.company"]
            .search([("aftersales_manager_id", "!=", False)])
            .aftersales_manager_id
        )
        for manager in managers:
            env = self.with_context(lang=manager.lang).env
            manager._aftersales_notify(
                env._("Root of the log of acts: keep this message"), [line.strip()]
            )


class Roots:
    """The roots that were taken, read again for ``verify``.

    :param env: environment of the system
    :param wanted: without it none are read
    """

    def __init__(self, env, wanted=True):
        self.env = env
        self.ends = {}  # record → {count: digest}
        self.faults, self.unchecked = [], []
        if wanted:
            self._read(env["aftersales.act.root"].search([], order="number"))
        else:
            self.unchecked.append(env._("Roots are read with the whole log only."))

    def _read(self, roots):
        kept, previous = self._read_file(), ""
        if not roots and not kept:
            self.unchecked.append(self.env._("No daily root was taken yet."))
        for root in roots:
            text = unpack(root.chains)
            sealed = seal.salted(previous, text) == root.digest
            if not sealed or kept.pop(root.number, root.digest) != root.digest:
                self.faults.append(self.env._("root %s was changed", root.number))
            else:
                self._keep_ends(text)
            previous = root.digest
        self.faults += [self.env._("root %s is gone", number) for number in kept]

    def _keep_ends(self, text):
        for model, number, count, digest in json.loads(text):
            self.ends.setdefault((model, number), {})[count] = digest

    def _read_file(self):
        """The roots in the file: number → digest."""
        path = get_file(self.env.cr.dbname)
        if not path.exists():
            self.unchecked.append(self.env._("The file of roots isn't here."))
            return {}
        lines = path.read_text(encoding="ascii").splitlines()
        return {int(line.split()[2]): line.split()[3] for line in lines}

    def fits(self, record, number, digest):
        """Whether an act is the one that a root of its day closed with."""
        return self.ends.get(record, {}).get(number, digest) == digest

    def longest(self, record):
        """How many acts the last root knew of a record."""
        return max(self.ends.get(record, {}), default=0)


def pack(text):
    """A text, compressed, as text."""
    return base64.b64encode(zlib.compress(text.encode())).decode()


def unpack(packed):
    """The text that was packed; an empty one where that was changed."""
    try:
        return zlib.decompress(base64.b64decode(packed or "")).decode()
    except (ValueError, zlib.error):
        return ""


def get_file(database):
    """The file of the roots of a database."""
    folder = Path(config["data_dir"]) / "aftersales" / "roots"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"{database}.txt"
