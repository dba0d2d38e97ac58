"""The customer's people: registering and marking them against Odoo's own cost.

Odoo's own cost is measured with an event that sends no mails; with the mails that it
creates for every new event it would be many times higher.
"""

from datetime import timedelta
from statistics import median

from harness import OURS, Verdict, environment, measure

from odoo import fields
from odoo.fields import Command

ROUNDS = 5
CALL, PRESENT, RATIO = 15, 20, 1.3


def people(count):
    """Rows of an attendee list."""
    return [
        {"name": f"学员{number}", "phone": f"139{number:08d}", "role": "操作人员"}
        for number in range(count)
    ]


def session(env, count):
    """A training session of a contract for so many people, on since a minute."""
    product = env["product.product"].create(
        {"name": "升降讲台", "aftersales_training": True}
    )
    order = env["sale.order"].create(
        {
            "partner_id": env["res.partner"].create({"name": "第三中学"}).id,
            "training_headcount": count,
            "order_line": [Command.create({"product_id": product.id})],
        }
    )
    order.action_confirm()
    plan = order.training_plan_ids
    plan.action_commissioned()
    event = plan.event_ids.filtered(lambda e: e.aftersales_kind == "operation")
    return plan, event


def plain_event(env, count):
    """An event of Odoo's own for so many people, without mails."""
    now = fields.Datetime.now()
    return env["event.event"].create(
        {
            "name": "开放日",
            "date_begin": now,
            "date_end": now + timedelta(hours=3),
            "seats_limited": True,
            "seats_max": count,
            "event_mail_ids": [Command.clear()],
        }
    )


def import_ours(env, count):
    plan, event = session(env, count)
    rows = people(count)
    return lambda: plan.import_attendees(rows, event_id=event.id)


def import_plain(env, count):
    event = plain_event(env, count)
    vals_list = [
        {"event_id": event.id, "name": row["name"], "phone": row["phone"]}
        for row in people(count)
    ]
    return lambda: env["event.registration"].create(vals_list)


def compare(count):
    """Median (seconds, queries) of both ways, alternating."""
    samples = {import_plain: [], import_ours: []}
    for turn in range(ROUNDS + 1):
        for way, results in samples.items():
            with environment(OURS) as env:
                env = env(context={})  # as every client: nothing is switched off
                sample = measure(env, way(env, count))
            if turn:  # the first one warms the registry
                results.append(sample)
    return [
        tuple(median(column) for column in zip(*results, strict=True))
        for results in samples.values()
    ]


def attend(count):
    """Queries of registering and of marking present so many people."""
    with environment(OURS) as env:
        env = env(context={})
        _plan, event = session(env, count)
        vals_list = [
            {"event_id": event.id, "name": row["name"], "phone": row["phone"]}
            for row in people(count)
        ]
        registrations = env["event.registration"]
        _seconds, create = measure(env, lambda: registrations.create(vals_list))
        now = fields.Datetime.now()
        event.write({"date_begin": now, "date_end": now + timedelta(hours=3)})
        found = registrations.browse(event.registration_ids.ids)
        _seconds, present = measure(env, lambda: found.action_mark_present())
        return create, present


def main():
    verdict = Verdict()
    for count in (35, 1000):
        plain, ours = compare(count)
        for label, (seconds, queries) in (("Odoo", plain), ("import", ours)):
            print(f"{count} people, {label}: {seconds * 1000:.0f} ms, {queries:.0f}")
        if count == 1000:
            verdict.line(
                "importing 1,000 : registering them", ours[0] / plain[0], RATIO
            )
    attend(35)  # warms the registry
    create, present = attend(35)
    verdict.line("queries to register 35 people in one call", create, CALL)
    verdict.line("queries to mark 35 people present", present, PRESENT)
    verdict.end()


main()
