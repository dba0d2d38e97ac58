"""The examples of the API guide are executed as they are printed (R-S01 … R-C02)."""

import re

import pytest

from dev.paths import ROOT
from tests.helpers.clients import PROTOCOLS
from tests.test_one_order import SIGNATURE

GUIDE = ROOT / "docs" / "api.md"
BLOCK = re.compile(r"^```python ?(\w*)\n(.*?)^```$", re.S | re.M)


def examples(protocol):
    """Python blocks for everybody and for one protocol, with their line numbers."""
    text = GUIDE.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        if match[1] in ("", protocol):
            yield text.count("\n", 0, match.start(2)), match[2]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_guide(server, connect, protocol):
    """R-S01 R-S03 R-S05 R-S08 R-S09 R-S13 R-S17 R-C01 R-C02 R-T04 by a program."""
    admin = connect(protocol, "admin")
    admin.call("hr.department", "create", vals_list=[{"name": "物流部"}])
    goods = {"name": "升降课桌", "type": "consu", "is_storable": True}
    (product,) = admin.call(
        "product.product", "create", vals_list=[goods | {"aftersales_training": True}]
    )
    (customer,) = admin.call("res.partner", "create", vals_list=[{"name": "第三中学"}])
    lines = [[0, 0, {"product_id": product}]]
    contract = {"partner_id": customer, "order_line": lines}
    (order,) = admin.call("sale.order", "create", vals_list=[contract])
    admin.call("sale.order", "action_confirm", ids=[order])
    scope = {
        "URL": server.url,
        "DB": server.database,
        "PASSWORD": "agent",
        "SUPERVISOR_PASSWORD": "supervisor",
        "KEY": server.keys["agent"],
        "SUPERVISOR_KEY": server.keys["supervisor"],
        "CALL": protocol,
        "PICTURE": SIGNATURE,
    }
    blocks = list(examples(protocol))
    assert len(blocks) > 8
    for line, code in blocks:
        exec(compile("\n" * line + code, str(GUIDE), "exec"), scope)
