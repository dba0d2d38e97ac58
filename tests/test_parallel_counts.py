"""People who count the same things at once: nobody gets more than there is."""

from datetime import datetime, timedelta, timezone
from functools import partial

import pytest

from tests.helpers.deliveries import deliver, sell
from tests.helpers.rivals import COUNT, Rivals


@pytest.fixture(scope="module")
def rivals(server):
    return Rivals(server)


def test_nobody_pays_twice(rivals):
    """R-H11: four times 60 of 100 that are owed: one is taken, three are told."""
    (product,) = rivals.create("product.product", {"name": "讲台", "list_price": 100})
    taxes = {"taxes_id": [[5, 0, 0]]}
    rivals.admin.call("product.product", "write", [product], vals=taxes)
    order = sell(rivals.admin, product, 1)
    taken, refused = rivals.call_at_once(
        "account_payment",
        "agent",
        "sale.order",
        "action_record_collection",
        [order],
        amount=60.0,
    )
    assert (len(taken), len(refused)) == (1, COUNT - 1)
    assert taken[0]["balance_due"] == 40


def test_a_delivery_is_accepted_once(rivals):
    """R-A01: four people offer the same delivery: one acceptance."""
    order, _product, _lot = deliver(rivals.admin, "同时验收的课桌", 3)
    made, refused = rivals.call_at_once(
        "aftersales_acceptance",
        "agent",
        "sale.order",
        "action_create_acceptance",
        [order],
    )
    assert (len(made), len(refused)) == (1, COUNT - 1)


def test_a_plan_starts_once(rivals):
    """R-V01: four people start the same plan of an order."""
    (product,) = rivals.create("product.product", {"name": "计划中的讲台"})
    order = sell(rivals.admin, product, 1)
    (template,) = rivals.admin.call(
        "aftersales.visit.plan.template", "search", domain=[], limit=1
    )
    started, refused = rivals.call_at_once(
        "aftersales_visit_plan",
        "agent",
        "sale.order",
        "action_start_visit_plan",
        [order],
        template_id=template,
    )
    assert (len(started), len(refused)) == (1, COUNT - 1)


def survey_of(rivals):
    """(survey under way, its questions, customer)."""
    closes = datetime.now(timezone.utc) + timedelta(days=30)
    rows = [
        [0, 0, {"text": text, "kind": kind, "required": True}]
        for text, kind in (("满意吗？", "score"), ("愿意推荐吗？", "nps"))
    ]
    vals = {"name": "年度调查", "closes_on": f"{closes:%F}", "question_ids": rows}
    (survey,) = rivals.create("aftersales.survey", vals)
    rivals.client("supervisor").call("aftersales.survey", "action_open", [survey])
    (customer,) = rivals.create("res.partner", {"name": "第三中学"})
    questions = rivals.admin.call(
        "aftersales.survey.question", "search", domain=[("survey_id", "=", survey)]
    )
    return survey, questions, customer


def test_a_customer_is_invited_and_answers_once(rivals):
    """R-V11: four supervisors invite at once, four people answer one link at once."""
    survey, questions, customer = survey_of(rivals)
    told, refused = rivals.call_at_once(
        "aftersales_survey_invitation",
        "supervisor",
        "aftersales.survey",
        "action_invite",
        [survey],
        partner_ids=[customer],
    )
    assert not refused
    assert sorted(answer["invited"] for answer in told) == [0] * (COUNT - 1) + [1]
    domain = [("survey_id", "=", survey)]
    (row,) = rivals.admin.call(
        "aftersales.survey.invitation",
        "search_read",
        domain=domain,
        fields=["access_token"],
    )
    page = f"/feedback/yearly/{row['access_token']}"
    values = dict(zip((f"question_{q}" for q in questions), "29", strict=True))
    acts = [rivals.form(page, page, **values) for _number in range(COUNT)]
    rivals.at_once("aftersales_survey_answer", acts)
    kept = rivals.admin.call("aftersales.survey.answer", "search_count", domain=domain)
    assert kept == len(questions)
    complaints = rivals.admin.call(
        "aftersales.request", "search_count", domain=[("partner_id", "=", customer)]
    )
    assert complaints == 1


def test_a_month_has_one_report(rivals):
    """R-Q01: four supervisors make the report of a month: everybody gets the same."""
    month = datetime.now(timezone.utc) - timedelta(days=400)
    made, refused = rivals.call_at_once(
        "aftersales_quality_report",
        "supervisor",
        "aftersales.quality.report",
        "make_report",
        None,
        month=f"{month:%Y-%m}",
    )
    assert not refused
    assert len(set(made)) == 1


def test_an_appraisal_is_made_once(rivals):
    """R-K01: four managers count the same month: everybody gets the same rows."""
    month = datetime.now(timezone.utc) - timedelta(days=400)
    made, refused = rivals.call_at_once(
        "aftersales_appraisal",
        "manager",
        "aftersales.appraisal",
        "appraise",
        None,
        month=f"{month:%Y-%m}",
    )
    assert not refused
    assert len({tuple(sorted(ids)) for ids in made}) == 1


def test_a_contract_names_so_many_gifts(rivals):
    """R-P08: a contract names two cups: four lines of one each, two may leave."""
    (category,) = rivals.admin.call(
        "product.category", "search", domain=[("aftersales_store", "=", "gift")]
    )
    (cup,) = rivals.create(
        "product.product",
        {"name": "保温杯", "is_storable": True, "categ_id": category},
    )
    order = sell(rivals.admin, cup, 2)
    (row,) = rivals.admin.call("sale.order", "read", [order], fields=["partner_id"])
    (visit,) = rivals.create(
        "aftersales.visit", {"partner_id": row["partner_id"][0], "order_id": order}
    )
    vals = {"visit_id": visit, "product_id": cup, "kind": "gift"}
    lines = rivals.create("aftersales.part.line", *([vals] * COUNT))
    admin = rivals.admin

    def authorize(line):
        arguments = {"kind": "contract", "order_id": order}
        return admin.call(
            "aftersales.part.line", "action_authorize_gift", [line], **arguments
        )

    acts = [partial(authorize, line) for line in lines]
    given, refused = rivals.at_once("aftersales_gift_authorization", acts)
    assert (len(given), len(refused)) == (2, COUNT - 2)
