"""What has to be put in order before Odoo uninstalls one of the addons."""

from odoo.tools import SQL

# Sample data creates records of these too; once people worked with them they are
# the company's own and stay. Everything else under a module's name goes with it.
TECHNICAL = r"^(ir|mail|aftersales|res\.groups)(\.|$)"


def prepare(env, module):
    """Make a module removable whatever was recorded with it.

    Odoo deletes a module's records one by one before it drops its tables. Kept
    history refuses that through foreign keys, half of the data would stay.

    :param module: technical name of the addon that is about to go
    """
    env.flush_all()
    models = [
        model
        for model in env.registry.values()
        if model._original_module == module and not model._abstract
    ]
    if module == "aftersales_service":
        env.cr.execute("DROP FUNCTION IF EXISTS aftersales_act_refuse() CASCADE")
    _delete_promises(env, module, [model._name for model in models])
    _drop_references(env, [model._table for model in models])
    _delete_traces(env, [model._name for model in models])
    env.cr.execute(
        "DELETE FROM ir_model_data WHERE module = %s AND model !~ %s",
        [module, TECHNICAL],
    )
    env.invalidate_all()


def _delete_promises(env, module, names):
    """A promise whose record or whose terms cease to exist has no keeper any more."""
    clocks = SQL(
        """SELECT id FROM aftersales_sla_clock
            WHERE res_model = ANY(%s)
               OR target_id IN (SELECT res_id FROM ir_model_data
                                 WHERE module = %s AND model = 'aftersales.sla.target')
        """,
        list(names),
        module,
    )
    for table in ("aftersales_sla_escalation", "aftersales_sla_pause"):
        env.cr.execute(
            SQL("DELETE FROM %s WHERE clock_id IN (%s)", SQL.identifier(table), clocks)
        )
    env.cr.execute(SQL("DELETE FROM aftersales_sla_clock WHERE id IN (%s)", clocks))


def _drop_references(env, tables):
    """Drop the foreign keys that point at tables which go."""
    env.cr.execute(
        """SELECT c.relname, k.conname FROM pg_constraint k
             JOIN pg_class c ON c.oid = k.conrelid
             JOIN pg_class t ON t.oid = k.confrelid
            WHERE k.contype = 'f' AND t.relname = ANY(%s)
              AND t.relnamespace = current_schema::regnamespace""",
        [list(tables)],
    )
    for table, name in env.cr.fetchall():
        names = SQL.identifier(table), SQL.identifier(name)
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", *names))


def _delete_traces(env, names):
    """Files, discussions and to-dos of records that go; Odoo forgets the files."""
    for model, field in (
        ("ir.attachment", "res_model"),
        ("mail.activity", "res_model"),
        ("mail.message", "model"),
        ("mail.followers", "res_model"),
    ):
        env[model].sudo().search([(field, "in", names)]).unlink()
