"""Hold the sizes of files, functions and classes: what grows past them is two things that want to be apart.

Prints a warning from 300 lines a file, and fails over 500 lines a file, 60 lines a function or 15 public methods a
class (outside the tests, whose fakes implement whole ports). What others wrote and we only carry (vendor/) is theirs.
A function is counted from ``def`` to its last line, without its docstring.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_WARN = 300
FILE_MAX = 500
FUNCTION_MAX = 60
PUBLIC_METHODS_MAX = 15
SUFFIXES = (".py", ".js", ".mjs", ".css")


def listed_files() -> list[Path]:
    """Return the source files git knows, and those it would add."""
    out = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    ).stdout
    names = [name for name in out.split("\0") if name.endswith(SUFFIXES) and "/vendor/" not in name]
    return sorted(path for name in names if (path := ROOT / name).is_file())


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its decorators and its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def is_port(node: ast.ClassDef) -> bool:
    """Return whether the class is a Protocol: a list of what others implement."""
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


def is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a method is read like a field."""
    names = {getattr(decorator, "id", getattr(decorator, "attr", "")) for decorator in node.decorator_list}
    return bool(names & {"property", "cached_property", "setter"})


def check_python(path: Path) -> Iterator[str]:
    """Yield what is too large inside a Python file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (lines := length(node)) > FUNCTION_MAX:
            yield f"{name}:{node.lineno}: {node.name} has {lines} lines (at most {FUNCTION_MAX})"
        if isinstance(node, ast.ClassDef) and not is_port(node) and name.parts[0] != "tests":
            methods = [
                child
                for child in node.body
                if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                and not child.name.startswith("_")
                and not is_property(child)
            ]
            if len(methods) > PUBLIC_METHODS_MAX:
                many = f"{len(methods)} public methods (at most {PUBLIC_METHODS_MAX})"
                yield f"{name}:{node.lineno}: {node.name} has {many}"


def main() -> int:
    """Check everything; return the exit code."""
    errors: list[str] = []
    for path in listed_files():
        name = path.relative_to(ROOT)
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE_MAX:
            errors.append(f"{name}: {lines} lines (at most {FILE_MAX})")
        elif lines > FILE_WARN:
            print(f"warning: {name}: {lines} lines (from {FILE_WARN} on it is probably two modules)")
        if path.suffix == ".py":
            errors += check_python(path)
    for line in errors:
        print(line)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
