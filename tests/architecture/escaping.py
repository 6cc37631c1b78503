"""What switches the escaping of values off, found in templates and in Python: `./run check escaping`.

Markup that Python builds is built by format_html with a constant format: nothing else may mark a text safe. Standard library only.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
APPS = (
    "casework", "coverage", "demo", "enrollment", "foundation", "nightly", "operations", "payments", "portal", "poverty_pension",
    "registry",
)  # fmt: skip
IN_TEMPLATES = re.compile(r"\|\s*safe(seq)?\b|\bautoescape\s+off\b|\{%-?\s*filter\s[^%]*\bsafe", re.IGNORECASE)
CALLS = frozenset({"mark_safe", "SafeString", "SafeText", "SafeData", "html_safe"})
BUILDERS = {"format_html": 0, "format_html_join": 1}
"""Functions that mark what they build as safe, and which argument is the format: a constant, or a constant of the module."""
OFF = {"autoescape": False, "is_safe": True}


def problems_of_template(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and words of every value a template marks safe."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in IN_TEMPLATES.finditer(line):
            yield number, f"the template marks a value safe: {found[0].strip()}"


def problems_of_module(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and words of every text a module marks safe."""
    module = ast.parse(text)
    constants = {
        target.id
        for statement in module.body
        if isinstance(statement, ast.Assign) and _is_text(statement.value)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            yield from _problems_of_call(node, constants)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from _problems_of_definition(node)
        elif isinstance(node, ast.keyword):
            yield from _problems_of_option(node.arg, node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                yield from _problems_of_option(getattr(key, "value", None), value)


def _problems_of_definition(node: ast.FunctionDef | ast.ClassDef) -> Iterator[tuple[int, str]]:
    if node.name == "__html__":
        yield node.lineno, "__html__ marks the object's text safe"
    for decorator in node.decorator_list:
        if _name(decorator) in CALLS:
            yield decorator.lineno, f"{_name(decorator)} marks a text safe"


def _problems_of_option(name: object, value: ast.expr) -> Iterator[tuple[int, str]]:
    if isinstance(name, str) and name in OFF and isinstance(value, ast.Constant) and value.value is OFF[name]:
        yield value.lineno, f"{name}={value.value} switches escaping off"


def _problems_of_call(call: ast.Call, constants: set[str]) -> Iterator[tuple[int, str]]:
    name = _name(call.func)
    if name in CALLS:
        yield call.lineno, f"{name} marks a text safe; build it with format_html"
    if name in BUILDERS and len(call.args) > BUILDERS[name]:
        pattern = call.args[BUILDERS[name]]
        if not _is_text(pattern) and not (isinstance(pattern, ast.Name) and pattern.id in constants):
            yield call.lineno, f"the format of {name} is no constant"


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def list_problems(checkout: Path = CHECKOUT) -> list[str]:
    """List every place of the product as `path:line: words`."""
    found = []
    for path in sorted((checkout / "templates").rglob("*")):
        if path.is_file():
            found += [(path, *each) for each in problems_of_template(path.read_text("utf-8"))]
    for app in APPS:
        for path in sorted((checkout / app).rglob("*.py")):
            text = path.read_text("utf-8")
            if any(word in text for word in (*CALLS, *BUILDERS, *OFF, "__html__")):
                found += [(path, *each) for each in problems_of_module(text)]
    return [f"{path.relative_to(checkout)}:{line}: {words}" for path, line, words in found]


if __name__ == "__main__":
    problems = list_problems()
    print("\n".join(problems) or "Nothing is marked safe.")
    sys.exit(1 if problems else 0)
