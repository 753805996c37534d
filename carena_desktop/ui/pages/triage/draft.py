"""What stands in the triage form, and whether the server has it. Pure: time is a parameter.

Whatever is typed is kept until the server has confirmed it; what can't be read as a number is told, and the rest is
saved all the same.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from carena_desktop.session.orders import Order, Verb
from carena_desktop.ui.vitals import VITALS
from carena_protocol.rows import RedFlag, TriageForm, VitalsSource

SAVE_AFTER_S: Final = 1.5
"""Of quiet, before a draft is saved by itself."""
TEXTS: Final = ("complaint", "allergies", "conditions", "medicines", "pregnancy", "note")


class Saving(StrEnum):
    """Whether the server has what is shown."""

    EMPTY = "empty"
    CHANGED = "changed"
    SAVING = "saving"
    SAVED = "saved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it is typed: numbers are texts still."""

    texts: dict[str, str] = field(default_factory=dict, repr=False)
    vitals: dict[str, str] = field(default_factory=dict, repr=False)
    red_flags: tuple[RedFlag, ...] = field(default=(), repr=False)
    pain: int | None = field(default=None, repr=False)
    source: VitalsSource | None = None
    acuity: int | None = None

    @classmethod
    def of(cls, form: TriageForm, acuity: int | None) -> "Typed":
        """Return a saved form as it would be typed."""
        vitals = {}
        for vital in VITALS:
            value = getattr(form, vital.field)
            if value is not None:
                vitals[vital.field] = vital.write(value)
        texts = {name: getattr(form, name) for name in TEXTS if getattr(form, name)}
        return cls(texts, vitals, tuple(form.red_flags), form.pain, form.vitals_source, acuity)


def read(typed: Typed) -> tuple[TriageForm, dict[str, str]]:
    """Return the form, and for each field that can't be read why, in words."""
    numbers: dict[str, float | int | None] = {}
    problems: dict[str, str] = {}
    for vital in VITALS:
        try:
            numbers[vital.field] = vital.read(typed.vitals.get(vital.field, ""))
        except ValueError as error:
            problems[vital.field] = str(error)
    made = TriageForm(
        red_flags=typed.red_flags,
        pain=typed.pain,
        vitals_source=typed.source if any(value is not None for value in numbers.values()) else None,
        **{name: typed.texts.get(name, "").strip() for name in TEXTS},  # type: ignore[arg-type]  # names of the form
        **numbers,  # type: ignore[arg-type]  # names of the form
    )
    return made, problems


class Draft:
    """One patient's form while it is filled in.

    Args:
        visit: Whose.
        version: Of the row that is shown.
        typed: What the server has.
    """

    def __init__(self, visit: str, version: int, typed: Typed) -> None:
        self.visit = visit
        self._version = version
        self.typed = typed
        self._saved = typed
        self._sent: Order | None = None
        self._sent_typed = typed
        self._changed_at: float | None = None
        self.saving = Saving.EMPTY
        self.saved_at_ms = 0

    def row_is(self, version: int) -> None:
        """The row has another version."""
        self._version = max(self._version, version)

    def type(self, typed: Typed, now: float) -> None:
        """The person changed something."""
        if typed == self.typed:
            return
        self.typed = typed
        self._changed_at = now
        if self.saving is not Saving.SAVING:
            self.saving = Saving.CHANGED

    def due_in(self, now: float) -> float | None:
        """Return in how many seconds the draft is to be saved; None when there is nothing to save."""
        if self._changed_at is None or self._sent is not None:
            return None
        return max(0.0, self._changed_at + SAVE_AFTER_S - now)

    @property
    def is_unsaved(self) -> bool:
        """Whether the server lacks something of what is typed."""
        return self.typed != self._saved

    def save(self, *, ready: bool = False) -> Order | None:
        """Return the order that saves what can be read; None while one is under way, or there is nothing to save."""
        if self._sent is not None or (not ready and not self.is_unsaved):
            return None
        form, _ = read(self.typed)
        self._sent = Order(Verb.TRIAGE, self.visit, self._version, acuity=self.typed.acuity, form=form, ready=ready)
        self._sent_typed = self.typed
        self._changed_at = None
        self.saving = Saving.SAVING
        return self._sent

    def done(self, order: Order, version: int, now_ms: int) -> bool:
        """An order was carried out; return whether it was ours."""
        if order is not self._sent:
            return False
        self._sent = None
        self._version = max(self._version, version)
        self._saved = self._sent_typed
        self.saved_at_ms = now_ms
        self.saving = Saving.CHANGED if self.is_unsaved else Saving.SAVED
        return True

    def refused(self, order: Order) -> bool:
        """An order was refused: everything stays as it is typed. Return whether it was ours."""
        if order is not self._sent:
            return False
        self._sent = None
        self.saving = Saving.REFUSED
        return True


def with_flag(typed: Typed, flag: RedFlag, *, on: bool) -> Typed:
    """Return the form with a red flag ticked or not, in the order of the list."""
    kept = {*typed.red_flags, flag} if on else set(typed.red_flags) - {flag}
    return replace(typed, red_flags=tuple(one for one in RedFlag if one in kept))
