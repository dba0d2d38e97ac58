"""Which rule is implemented where, and which tests prove it.

The rules stand in ``docs/requirements.md``. Code and tests name their IDs; from
that ``docs/traceability.md`` is generated, so that nobody has to keep it by hand.
Needs the standard library only.
"""

import ast
import io
import re
import textwrap
import tokenize
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

RULES = "docs/requirements.md"
RESULT = "docs/traceability.md"
COMMAND = "python3 manage.py trace"
STATEMENT_WIDTH = 90

# ASCII, because to Python a Chinese character next to an ID is part of a word.
ID = re.compile(r"(?<![\w-])R-[A-Z]\d+(?!\w)", re.ASCII)
ROW = re.compile(r"^\|\s*(R-[A-Z]\d+)\s*\|((?:\\.|[^|\\])*)\|", re.MULTILINE)
# Strings are matched too, so that the "//" of an address is no comment.
JS_PART = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?\*/)"
    r'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|`(?:\\.|[^`\\])*`',
    re.DOTALL,
)
NOT_CODE = {"tests", "demo", "__pycache__"}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass
class Trace:
    """What was found: for each rule ID its statement, places and tests."""

    rules: dict = field(default_factory=dict)
    where: dict = field(default_factory=lambda: defaultdict(set))
    tests: dict = field(default_factory=lambda: defaultdict(set))
    used: dict = field(default_factory=lambda: defaultdict(set))
    problems: list = field(default_factory=list)

    def unknown(self):
        """IDs that code or tests use but no rule has → the files, sorted."""
        return {
            rule: sorted(self.used[rule])
            for rule in sorted(self.used)
            if rule not in self.rules
        }

    def unproved(self):
        """IDs of the rules that no test names."""
        return [rule for rule in self.rules if rule not in self.tests]


def generate(root: Path, check: bool = False) -> list[str]:
    """Write ``docs/traceability.md`` of the project in ``root``.

    :param check: write nothing, but report a file that is missing or out of date
    :return: problems, one sentence each; rules without a test are none
    """
    root = Path(root)
    if not (root / RULES).is_file():
        return [f"{RULES} is missing"]
    trace = collect(root)
    text = render(trace)
    problems = trace.problems + [
        f"{rule} is no rule of {RULES}, but {', '.join(files)} names it"
        for rule, files in trace.unknown().items()
    ]
    if check:
        return problems + _compare(root / RESULT, text)
    (root / RESULT).write_text(text, encoding="utf-8", newline="\n")
    return problems


def collect(root: Path) -> Trace:
    """Read rules, code and tests of the project in ``root``."""
    trace = Trace()
    _read_rules(root, trace)
    _read_code(root, trace)
    _read_tests(root, trace)
    _read_tours(root, trace)
    return trace


def _compare(path, text):
    if not path.is_file():
        return [f"{RESULT} is missing: run '{COMMAND}'"]
    if path.read_text(encoding="utf-8", errors="replace") != text:
        return [f"{RESULT} is out of date: run '{COMMAND}'"]
    return []


# ----------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------


def _read_rules(root, trace):
    for rule, cell in ROW.findall((root / RULES).read_text(encoding="utf-8")):
        if rule in trace.rules:
            trace.problems.append(f"{rule} stands twice in {RULES}")
            continue
        trace.rules[rule] = " ".join(cell.split())


def _read_code(root, trace):
    for pattern in ("*.py", "*.xml"):
        for path in (root / "addons").rglob(pattern):
            if NOT_CODE.isdisjoint(path.relative_to(root).parts):
                text = path.read_text(encoding="utf-8", errors="replace")
                _add(trace, trace.where, ID.findall(text), _label(root, path))


def _read_tests(root, trace):
    for pattern in ("addons/*/tests/**/*.py", "tests/**/*.py"):
        for path in root.glob(pattern):
            label = _label(root, path)
            try:
                text = path.read_text(encoding="utf-8")
                if "R-" in text:
                    _read_test_file(trace, text, label)
            except (SyntaxError, ValueError) as error:
                trace.problems.append(f"{label} cannot be read: {error}")


def _read_test_file(trace, text, label):
    tree = ast.parse(text)
    comments = _comments(text)
    for name, rules in _named_tests(tree.body, label, comments):
        for rule in rules:
            trace.tests[rule].add(name)
            trace.used[rule].add(label)
    for rule in _mentions(tree, comments):
        trace.used[rule].add(label)


def _read_tours(root, trace):
    for path in root.glob("addons/*/static/tests/**/*.js"):
        text = path.read_text(encoding="utf-8", errors="replace")
        comments = (match["comment"] or "" for match in JS_PART.finditer(text))
        rules = ID.findall("\n".join(comments))
        _add(trace, trace.tests, rules, _label(root, path))


def _add(trace, index, rules, label):
    for rule in rules:
        index[rule].add(label)
        trace.used[rule].add(label)


def _label(root, path):
    return path.relative_to(root).as_posix().removeprefix("addons/")


# ----------------------------------------------------------------------
# Understanding a test file
# ----------------------------------------------------------------------


def _comments(text):
    """Line number → IDs named in the comment on that line."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {
        token.start[0]: ID.findall(token.string)
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def _named_tests(body, prefix, comments):
    """Yield (name, IDs) of each test function and each class that has some."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            name = f"{prefix}::{node.name}"
            if any(_is_test(child) for child in node.body):
                yield name, _headline(node)
            yield from _named_tests(node.body, name, comments)
        elif _is_test(node):
            rules = _headline(node) + _inside(node, comments)
            yield f"{prefix}::{node.name}", rules


def _is_test(node):
    return isinstance(node, FUNCTIONS) and node.name.startswith("test")


def _headline(node):
    """IDs in the docstring and in the decorators."""
    texts = [
        part.value
        for decorator in node.decorator_list
        for part in ast.walk(decorator)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    return ID.findall("\n".join([*texts, ast.get_docstring(node) or ""]))


def _inside(node, comments):
    """IDs in the comments between the first decorator and the last line."""
    first = min([node.lineno, *(part.lineno for part in node.decorator_list)])
    lines = range(first, node.end_lineno + 1)
    return [rule for line in lines for rule in comments.get(line, ())]


def _mentions(tree, comments):
    """IDs in any comment or docstring: they don't prove, but must exist."""
    found = {rule for rules in comments.values() for rule in rules}
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED):
            found.update(ID.findall(ast.get_docstring(node) or ""))
    return found


# ----------------------------------------------------------------------
# Writing
# ----------------------------------------------------------------------


def render(trace: Trace) -> str:
    """The whole file, the same for the same project at any time."""
    return "\n".join([*_head(), *_table(trace), *_summary(trace), *_unknown(trace), ""])


def _head():
    return [
        f"<!-- Generated by `{COMMAND}`; do not edit. -->",
        "",
        "# Traceability",
        "",
        f"Generated by `{COMMAND}` from [the rules](requirements.md) and the IDs that",
        "code and tests name; do not edit it by hand. Paths of addons leave out",
        "`addons/`.",
        "",
    ]


def _table(trace):
    yield "| Rule | Statement | Implemented in | Proved by |"
    yield "|---|---|---|---|"
    for rule in trace.rules:
        cells = (rule, _short(trace, rule), _list(trace.where, rule))
        yield f"| {' | '.join(cells)} | {_list(trace.tests, rule)} |"


def _summary(trace):
    unproved = trace.unproved()
    proved = len(trace.rules) - len(unproved)
    yield from ("", "## Summary", "")
    yield f"Proved: {proved} of {len(trace.rules)} rules are named by a test."
    yield from ("", "## Not proved yet", "")
    yield from (f"- {rule}: {_short(trace, rule)}" for rule in unproved)
    if not unproved:
        yield "None."


def _unknown(trace):
    unknown = trace.unknown()
    if unknown:
        yield from ("", "## Unknown IDs", "", f"Named, but no rule of `{RULES}`:", "")
        yield from (f"- {rule}: {_code(files)}" for rule, files in unknown.items())


def _short(trace, rule):
    return textwrap.shorten(trace.rules[rule], STATEMENT_WIDTH, placeholder=" …")


def _list(index, rule):
    return _code(sorted(index.get(rule, ())), "<br>") or "—"


def _code(names, separator=", "):
    return separator.join(f"`{name}`" for name in names)
