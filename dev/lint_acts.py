"""Checks of ``manage.py lint``: protection is declared, acts are final.

``dev/unconverted.txt`` lists what still protects by a set of names; it only shrinks.
"""

import ast
from collections import defaultdict

from .paths import ADDONS, ROOT

LIST = ROOT / "dev" / "unconverted.txt"
ENTRIES = ("create", "write", "unlink", "default_get", "copy_data")
DEPTH = 3  # calls from an entry to the check that uses a set


def problems():
    """What is wrong, a line each."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _files()}
    return [*_sets(trees), *_overrides(trees)]


def _files():
    paths = ADDONS.rglob("*.py")
    skipped = {"tests", "migrations", "wizard", "controllers"}
    return sorted(p for p in paths if not skipped & set(p.parts))


# ----------------------------------------------------------------------
# Sets of field names
# ----------------------------------------------------------------------


def _sets(trees):
    found = {f"{p.relative_to(ROOT)}: {name}" for p, name in find_sets(trees)}
    known = set(LIST.read_text().splitlines()) if LIST.exists() else set()
    for line in sorted(found - known):
        yield f"{line} protects by names: declare it on the field (models/act/guard.py)"
    for line in sorted(known - found):
        yield f"{line} is converted: take it out of {LIST.name}"


def find_sets(trees):
    """Collections of field names that a check of ``create`` or ``write`` uses.

    :param trees: dict of path → parsed module
    :return: set of (path, name)
    """
    fields = {name for tree in trees.values() for name in _field_names(tree)}
    named = {
        (path, name)
        for path, tree in trees.items()
        for name, values in _collections(tree)
        if len(values & fields) > 1
    }
    names = {name for _path, name in named}
    guilty = _names_in_checks(trees, names)
    return {(path, name) for path, name in named if name in guilty}


def _field_names(tree):
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
            and getattr(node.value.func.value, "id", "") == "fields"
        ):
            yield node.targets[0].id


def _collections(tree):
    """Names bound at module or class level to a collection of texts, with the texts."""
    bodies = [tree.body, *(n.body for n in tree.body if isinstance(n, ast.ClassDef))]
    known = {}  # a collection may be made of others
    for node in (node for body in bodies for node in body):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if _is_field(node.value):  # a selection named like one of its values
                continue
            parts = {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
            texts = set().union(*(known.get(part, ()) for part in parts))
            known[node.targets[0].id] = texts | _texts(node.value)
    yield from known.items()


def _is_field(value):
    function = getattr(value, "func", None)
    return getattr(getattr(function, "value", None), "id", "") == "fields"


def _texts(value):
    kinds = (ast.Set, ast.Tuple, ast.List, ast.Call, ast.Dict, ast.BinOp)
    if not isinstance(value, kinds):
        return set()
    return {n.value for n in ast.walk(value) if isinstance(n, ast.Constant)}


def _names_in_checks(trees, names):
    """Of these names, those that a refusing function reached from an entry uses."""
    functions = defaultdict(list)
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                functions[node.name].append(node)
    raising = {n for n, found in functions.items() if any(map(_raises, found))}
    guilty, level, seen = set(), list(ENTRIES), set()
    for _depth in range(DEPTH):
        following = set()
        for function in (f for name in level for f in functions[name]):
            used = {n.id for n in ast.walk(function) if isinstance(n, ast.Name)}
            if _refuses(function, raising):
                guilty |= used & names
            following |= _called(function)
        seen |= set(level)
        level = sorted(n for n in following - seen if _is_check(n))
    return guilty


def _raises(function):
    return any(isinstance(node, ast.Raise) for node in ast.walk(function))


def _refuses(function, raising):
    """Whether a function raises, itself or through a check that it calls."""
    checks = {name for name in _called(function) & raising if _is_check(name)}
    return _raises(function) or bool(checks)


def _called(function):
    return {
        getattr(node.func, "attr", getattr(node.func, "id", ""))
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    }


def _is_check(name):
    return name.lstrip("_").split("_")[0] in (
        *(
            "check",
            "ensure",
            "refuse",
            "guard",
            "lock",
            "verify",
            "forbid",
            "is",
            "get",
        ),
    )


# ----------------------------------------------------------------------
# Acts
# ----------------------------------------------------------------------


def _overrides(trees):
    """Public methods of acts that a second class of the model defines."""
    acts, methods = {}, defaultdict(list)
    for path, tree in trees.items():
        for cls in (n for n in tree.body if isinstance(n, ast.ClassDef)):
            model = _model(cls)
            for node in (n for n in cls.body if isinstance(n, ast.FunctionDef)):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"
                methods[model, node.name].append(where)
                if any(_is_act(d) for d in node.decorator_list):
                    acts[model, node.name] = where
    for key, where in acts.items():
        for other in methods[key]:
            if other != where:
                yield f"{other} {key[1]} is an act of {where}: extend its steps"


def _is_act(decorator):
    function = getattr(decorator, "func", decorator)
    return getattr(function, "id", "") == "act"


def _model(cls):
    values = {}
    for node in cls.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values[node.targets[0].id] = node.value
    value = values.get("_name", values.get("_inherit"))
    if isinstance(value, ast.List) and value.elts:
        value = value.elts[0]
    return getattr(value, "value", cls.name)
