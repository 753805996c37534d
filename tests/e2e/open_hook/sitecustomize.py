"""Takes the desktop's sending hook out, in every process that has this folder on its path: frames leave as encoded.

Python imports a module of this name when it starts; the application and its media process know nothing of it.
"""

import importlib.machinery
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType
from typing import Any, Final

SEALING: Final = "carena_desktop.call.engine.repairs.sealing"


def _as_it_is(sender: Any, *_others: object) -> object:
    """Let frames leave as they are, and the leg believe that what it looks for is in place."""
    encoded = sender._next_encoded_frame
    sender._next_encoded_frame = encoded
    return encoded


class _Opened(Loader):
    """Loads the module, and then leaves senders as they are."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """As usual."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, then take out what seals."""
        self._loader.exec_module(module)
        if not hasattr(module, "_seal_frames"):
            raise ImportError("the sending hook has another name now")
        module._seal_frames = _as_it_is  # type: ignore[attr-defined]  # the canary


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find the module of the hook, by whoever finds modules else."""
        if fullname != SEALING:
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Opened(spec.loader)
        return spec


sys.meta_path.insert(0, _Finder())
