"""Takes one defence out of a function: the line that raises for a named reason does nothing any more.

Whoever reads a test of this folder sees the attack fail; the same attack with the defence taken out has to succeed, or
the test would prove nothing.
"""

import inspect
import sys
import textwrap
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def without(patch: pytest.MonkeyPatch, owner: ModuleType | type, name: str, reason: str) -> None:
    """Replace ``owner.name`` by itself without the ``raise`` whose text holds ``"reason"``.

    Raises:
        LookupError: There is no such line, or more than one: the test no longer says what it meant.
    """
    function: Callable[..., Any] = getattr(owner, name)
    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    found = [index for index, line in enumerate(lines) if f'("{reason}")' in line and line.lstrip().startswith("raise")]
    if len(found) != 1:
        raise LookupError(f"{name} has {len(found)} lines that raise for {reason}")
    line = lines[found[0]]
    lines[found[0]] = line[: len(line) - len(line.lstrip())] + "pass"
    module = owner if isinstance(owner, ModuleType) else sys.modules[owner.__module__]
    made: dict[str, Any] = {}
    exec(compile("\n".join(lines), f"<{name} without {reason}>", "exec"), vars(module), made)  # noqa: S102 - our own text
    patch.setattr(owner, name, made[function.__name__])
