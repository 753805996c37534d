"""Vital signs: their units, usual ranges in words, and what can be typed. Pure.

The ranges are those of resting adults: NEWS2 (Royal College of Physicians 2017, score 0); heart rate as the American
Heart Association has it; blood pressure low as in NEWS2, high from 140/90 (ESC/ESH 2018). They are words beside a
number, never a score and never an acuity.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from carena_desktop.ui.i18n import locale, mark, tr, tr_marked
from carena_protocol.rows import TriageForm


class Band(StrEnum):
    """How a value stands to what is usual."""

    LOW = "low"
    USUAL = "usual"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Vital:
    """One vital sign. ``possible`` is what may be typed, ``usual`` what is not remarked upon; both inclusive."""

    field: str
    words: str
    unit: str
    possible: tuple[float, float]
    usual: tuple[float, float]
    decimals: int = 0

    def band(self, value: float) -> Band:
        """Return how ``value`` stands to what is usual."""
        low, high = self.usual
        if value < low:
            return Band.LOW
        return Band.HIGH if value > high else Band.USUAL

    def read(self, typed: str) -> float | int | None:
        """Return what was typed as a number, or None for nothing; raises ValueError with words for the person."""
        plain = typed.strip().replace(",", ".")
        if not plain:
            return None
        low, high = self.possible
        try:
            value = float(plain)
        except ValueError:
            raise ValueError(tr("Not a number.")) from None
        if not low <= value <= high or (not self.decimals and value != int(value)):
            raise ValueError(tr("From {low} to {high}.").format(low=self.write(low), high=self.write(high)))
        return round(value, self.decimals) if self.decimals else int(value)

    def write(self, value: float) -> str:
        """Return a value as it is written here."""
        return locale().toString(float(value), "f", self.decimals)


VITALS: Final = (
    Vital("systolic", mark("Systolic"), mark("mmHg"), (30, 300), (111, 139)),
    Vital("diastolic", mark("Diastolic"), mark("mmHg"), (10, 200), (60, 89)),
    Vital("heart_rate", mark("Heart rate"), mark("/min"), (10, 300), (60, 100)),
    Vital("respiratory_rate", mark("Resp. rate"), mark("/min"), (1, 120), (12, 20)),
    Vital("spo2", mark("SpO₂"), "%", (30, 100), (96, 100)),
    Vital("temperature_c", mark("Temperature"), mark("°C"), (25.0, 45.0), (36.1, 38.0), 1),
)


def band_words(band: Band) -> str:
    """Return a band as a word; empty for what is usual."""
    return {Band.LOW: tr("Low"), Band.USUAL: "", Band.HIGH: tr("High")}[band]


@dataclass(frozen=True, slots=True)
class Reading:
    """One value as a tile shows it."""

    caption: str
    value: str
    unit: str
    band: Band


def readings(form: TriageForm) -> tuple[Reading, ...]:
    """Return the values that a form holds; both parts of the blood pressure are one."""
    found = []
    by_field = {vital.field: vital for vital in VITALS}
    high, low = by_field["systolic"], by_field["diastolic"]
    if form.systolic is not None or form.diastolic is not None:
        parts = [(vital, value) for vital, value in ((high, form.systolic), (low, form.diastolic))]
        words = "/".join("\u2013" if value is None else vital.write(value) for vital, value in parts)
        bands = [vital.band(value) for vital, value in parts if value is not None]
        band = next((one for one in bands if one is not Band.USUAL), Band.USUAL)
        found.append(Reading(tr("Blood pressure"), words, tr("mmHg"), band))
    for vital in VITALS[2:]:
        value = getattr(form, vital.field)
        if value is not None:
            found.append(Reading(tr_marked(vital.words), vital.write(value), tr_marked(vital.unit), vital.band(value)))
    return tuple(found)
