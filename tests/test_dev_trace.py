"""The generator of the traceability table, on small projects made for the test.

IDs stand in strings here, never in docstrings or comments: naming one there would
claim a proof.
"""

import re
import sys
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from dev import trace  # noqa: E402  (the path comes first)

RULES = """\
# Requirements

| ID | Rule (English) | 规则（中文） | Defaults |
|---|---|---|---|
| R-S03 | Whoever reports a fault is answered. | 报修必有答复。 | 3 min |
| R-S04 | Somebody is put in charge, see R-S03. | 指定专人。 | 5 min |
| R-D01 | The crew comes on time. | 准时到达。 | — |
"""
TEST = "addons/shop/tests/test_shop.py"
CASE = "shop/tests/test_shop.py::TestShop"


@pytest.fixture
def project(tmp_path):
    """Give a function that writes files and returns the root of the project."""

    def make(files):
        for name, text in {trace.RULES: RULES, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return tmp_path

    return make


def row(root, rule):
    """The cells of a rule in the generated table."""
    text = (root / trace.RESULT).read_text(encoding="utf-8")
    line = re.search(rf"^\| {rule} \|.*$", text, re.MULTILINE).group()
    return [cell.strip() for cell in line.strip("|").split("|")]


def proofs_of(root, rule):
    """What proves a rule, sorted."""
    return sorted(trace.collect(root).tests.get(rule, ()))


def test_docstring_of_a_function_proves(project):
    root = project(
        {
            TEST: '''
            class TestShop:
                def test_answer(self):
                    """R-S03: within minutes."""

            def test_alone():
                """R-S03 without a class."""

            async def test_later():
                """R-S03 as a coroutine."""
            '''
        }
    )
    assert proofs_of(root, "R-S03") == [
        f"{CASE}::test_answer",
        "shop/tests/test_shop.py::test_alone",
        "shop/tests/test_shop.py::test_later",
    ]


def test_docstring_of_a_class_counts_for_the_class(project):
    root = project(
        {
            TEST: '''
            class TestShop:
                """R-D01 kept."""
                def test_answer(self):
                    pass
            '''
        }
    )
    assert proofs_of(root, "R-D01") == [CASE]


def test_marker_and_comment_prove(project):
    root = project(
        {
            "tests/deep/test_end.py": """
            import pytest

            @pytest.mark.rule("R-S03")
            def test_marked():
                pass

            def test_commented():
                x = 1
                # R-S04: here
                assert x  # R-D01
            """
        }
    )
    path = "tests/deep/test_end.py"
    assert proofs_of(root, "R-S03") == [f"{path}::test_marked"]
    assert proofs_of(root, "R-S04") == [f"{path}::test_commented"]
    assert proofs_of(root, "R-D01") == [f"{path}::test_commented"]


def test_mentions_outside_a_test_prove_nothing(project):
    root = project(
        {
            TEST: '''
            """R-S03 of the module."""
            # R-S03
            def helper():
                """R-S03 of a helper."""

            class Common:
                """R-S03 of a class without tests."""
                def setUp(self):
                    pass

            class TestShop:
                # R-S03 of a class body
                def test_data(self):
                    clause = "R-S03 # R-S03"
            '''
        }
    )
    assert proofs_of(root, "R-S03") == []


def test_ranges_are_not_expanded(project):
    root = project(
        {
            TEST: 'def test_all():\n    """R-D01, then R-S03 to R-S05."""\n',
            trace.RULES: RULES + "| R-S05 | An engineer is sent. | 派工。 | — |\n",
        }
    )
    assert proofs_of(root, "R-S04") == []
    assert proofs_of(root, "R-S05") == ["shop/tests/test_shop.py::test_all"]


def test_tour_proves_by_its_comments_only(project):
    tour = "addons/shop/static/tests/tours/answer.js"
    root = project(
        {
            tour: """
            /* R-S03: the agent answers */
            const url = "http://x/R-S04";  // R-D01
            const other = 'R-S04';
            """
        }
    )
    label = tour.removeprefix("addons/")
    assert proofs_of(root, "R-S03") == proofs_of(root, "R-D01") == [label]
    assert proofs_of(root, "R-S04") == []


def test_code_and_data_are_found_beside_chinese(project):
    root = project(
        {
            "addons/shop/models/order.py": '"""见R-S03的说明"""\n',
            "addons/shop/data/sla.xml": '<field name="clause">R-S03</field>\n',
            "addons/shop/tests/common.py": "# R-D01\n",
            "addons/shop/demo/order_demo.xml": "<!-- R-D01 -->\n",
        }
    )
    assert trace.generate(root) == []
    assert row(root, "R-S03")[2] == "`shop/data/sla.xml`<br>`shop/models/order.py`"
    assert row(root, "R-D01")[2] == "—"


def test_unknown_ids_are_a_problem_wherever_they_are_named(project):
    root = project(
        {
            "addons/shop/models/order.py": "# R-Z99\n",
            TEST: 'def test_it():\n    """R-Z98"""\n',
            "addons/shop/tests/common.py": "# R-Z97\n",
            "tests/test_end.py": 'def test_end():\n    x = "R-Z96"\n',
        }
    )
    problems = trace.generate(root)
    assert [problem.split()[0] for problem in problems] == ["R-Z97", "R-Z98", "R-Z99"]
    assert "shop/models/order.py" in problems[2]
    text = (root / trace.RESULT).read_text(encoding="utf-8")
    assert "- R-Z98: `shop/tests/test_shop.py`" in text


def test_longer_names_are_no_ids(project):
    root = project(
        {"addons/shop/models/order.py": "# OR-S03 XR-S03 R-S03X R-S03_1 R-SO3\n"}
    )
    assert trace.generate(root) == []
    assert row(root, "R-S03")[2] == "—"


def test_summary_counts_and_lists_what_is_missing(project):
    root = project({TEST: 'def test_it():\n    """R-S03"""\n'})
    trace.generate(root)
    text = (root / trace.RESULT).read_text(encoding="utf-8")
    assert "Proved: 1 of 3 rules" in text
    assert text.index("\n- R-S04: ") < text.index("\n- R-D01: "), "in given order"
    assert trace.COMMAND in text.splitlines()[0]


def test_check_writes_nothing_and_reports_what_is_stale(project):
    root = project({TEST: 'def test_it():\n    """R-S03"""\n'})
    (missing,) = trace.generate(root, check=True)
    assert "missing" in missing and not (root / trace.RESULT).exists()
    trace.generate(root)
    assert trace.generate(root, check=True) == []

    (root / TEST).write_text('def test_new():\n    """R-S03"""\n')
    before = (root / trace.RESULT).read_bytes()
    (stale,) = trace.generate(root, check=True)
    assert "out of date" in stale and trace.COMMAND in stale
    assert (root / trace.RESULT).read_bytes() == before


def test_moving_lines_changes_nothing(project):
    code = "addons/shop/models/order.py"
    test = 'def test_it():\n    """R-S03"""\n'
    root = project({TEST: test, code: "# R-S03\n"})
    trace.generate(root)
    (root / TEST).write_text("\n\nimport os\n\n" + test)
    (root / code).write_text("\n# Moved: R-S03, twice: R-S03\n")
    assert trace.generate(root, check=True) == []


def test_broken_files_are_named_and_do_not_stop_the_rest(project):
    root = project(
        {
            TEST: "def test_it(:\n    # R-S03\n",
            "tests/test_end.py": 'def test_end():\n    """R-S03"""\n',
        }
    )
    (root / "tests/test_latin.py").write_bytes(b"# R-S03 \xe9\n")
    problems = trace.generate(root)
    assert {problem.split()[0] for problem in problems} == {
        "shop/tests/test_shop.py",
        "tests/test_latin.py",
    }
    assert proofs_of(root, "R-S03") == ["tests/test_end.py::test_end"]


def test_rules_that_are_missing_or_stand_twice(project, tmp_path):
    assert trace.generate(tmp_path) == [f"{trace.RULES} is missing"]
    again = "| R-S03 | Said otherwise. | 重复。 | — |\n"
    root = project({trace.RULES: RULES + again})
    assert trace.generate(root) == [f"R-S03 stands twice in {trace.RULES}"]
    assert row(root, "R-S03")[1] == "Whoever reports a fault is answered."


def test_our_own_rules_are_complete():
    text = (ROOT / trace.RULES).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (R-[A-Z])(\d\d) \|(.*)\|$", text, re.MULTILINE)
    numbers = {}
    for letter, number, cells in rows:
        english, chinese, defaults = (cell.strip() for cell in cells.split("|"))
        assert english.endswith(".") and chinese.endswith("。") and defaults
        numbers.setdefault(letter, []).append(int(number))
    assert "".join(letter[-1] for letter in numbers) == "HDASWPCXVTKMQENI"
    for letter, found in numbers.items():
        if letter[-1] in "ENI":  # what isn't built yet isn't promised
            assert found == sorted(set(found)), letter
        else:
            assert found == list(range(1, len(found) + 1)), letter
