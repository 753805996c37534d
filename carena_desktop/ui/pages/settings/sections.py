"""What stands on each page of the settings. Every control is a policy, so that an organization can set it for all."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from carena_desktop.made_with import made_with
from carena_desktop.policy.kinds import Value
from carena_desktop.policy.padlock import Line, Who
from carena_desktop.ui import resources
from carena_desktop.ui.commands import Command
from carena_desktop.ui.i18n import LANGUAGES, locale, mark, tr, tr_marked
from carena_desktop.ui.pages.settings.alert_rows import OutputRow, TrySoundRow, kind_rows
from carena_desktop.ui.pages.settings.rows import ChoiceRow, InfoRow, SwitchRow, card
from carena_desktop.ui.preferences import Preferences
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.record_table import RecordTable

_TEXT_SIZES = (100, 110, 125, 150, 175, 200)
_LOCK_MINUTES = (1, 2, 5, 10, 15, 30)
_WHO = {
    Who.NOBODY: mark("built in"),
    Who.PERSON: mark("you"),
    Who.COMMAND_LINE: mark("this start"),
    Who.ORGANIZATION: mark("your organization"),
    Who.SERVER: mark("your organization, at the server"),
}
_STORED = (
    mark("The addresses and certificate authorities of the servers you use, and the name you sign in with."),
    mark("Your sign-in while you stay signed in, and a proxy's, in the system's keyring."),
    mark("Which camera, microphone and speaker you chose, and these settings."),
    mark("Keys of patients' devices that you compared by safety code, without names."),
    mark("This computer's own key, in the keyring, and the secrets of links that you made, sealed with it."),
    mark("A log of what the program did, and figures of the last call, without patient data."),
)
_NOT_STORED = mark("Not kept: patients, chat, pictures, sound. They are in memory only and end with the visit.")


def column(*parts: QWidget) -> QWidget:
    """Return parts below each other."""
    made = QWidget()
    lines = QVBoxLayout(made)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(16)
    for part in parts:
        lines.addWidget(part)
    lines.addStretch(1)
    return made


def percent(value: object) -> str:
    """Return a size of text in words."""
    return tr("{number}%").format(number=locale().toString(int(str(value))))


def minutes(value: object) -> str:
    """Return minutes in words."""
    return tr("%n minute(s)", "", int(str(value)))


def notifications(theme: Theme, preferences: Preferences, play: Callable[[], None]) -> QWidget:
    """Sounds, and what a notification says; ``play`` lets one be heard."""
    said = (
        ("patient", tr("A patient is waiting")),
        ("neutral", tr("Neutral text")),
        ("none", tr("Nothing")),
    )
    return column(
        card(
            tr("Alerts"),
            SwitchRow(theme, preferences, "ArrivalSound", tr("Play a sound")),
            ChoiceRow(
                theme,
                preferences,
                "AlertOutputs",
                tr("Where it sounds"),
                (
                    ("usual", tr("The usual output")),
                    ("also", tr("The usual and another")),
                    ("every", tr("Every output")),
                ),
                words=tr("So that the loudspeaker on the desk rings while the headset is put down."),
            ),
            OutputRow(theme, preferences),
            TrySoundRow(theme, play),
            ChoiceRow(
                theme,
                preferences,
                "NotificationText",
                tr("What a notification says"),
                said,
                words=tr("Notifications are seen by whoever stands before the screen. They never hold a name."),
            ),
        ),
        card(tr("What is heard"), *kind_rows(theme, preferences)),
        card(
            tr("The program"),
            SwitchRow(theme, preferences, "UpdateNotice", tr("Tell when the server recommends a newer version")),
        ),
    )


def appearance(theme: Theme, preferences: Preferences) -> QWidget:
    """Colours, size of text."""
    looks = (
        ("system", tr("As the system")),
        ("light", tr("Light")),
        ("dark", tr("Dark")),
        ("high_contrast", tr("High contrast")),
    )
    sizes = tuple((size, percent(size)) for size in _TEXT_SIZES)
    return column(
        card(
            "",
            ChoiceRow(theme, preferences, "Appearance", tr("Look"), looks),
            ChoiceRow(
                theme,
                preferences,
                "TextSizePercent",
                tr("Size of the text"),
                sizes,
                words=tr("Of the size that the system asks for."),
                shown=percent,
            ),
            SwitchRow(
                theme,
                preferences,
                "CompactRows",
                tr("Compact rows"),
                tr("The rows of the waiting room stand closer, so that more of them fit."),
            ),
        )
    )


def language(theme: Theme, preferences: Preferences) -> QWidget:
    """The language of the window."""
    lines = (("system", tr("As the system")), *LANGUAGES.items())
    return column(card("", ChoiceRow(theme, preferences, "Language", tr("Language"), lines)))


def shortcuts(theme: Theme, preferences: Preferences, tables: tuple[tuple[str, tuple[Command, ...]], ...]) -> QWidget:
    """Every key by page, and the switch for letters."""
    lists = [
        card(title, *(InfoRow(one.words, one.shown_keys) for one in commands if one.keys)) for title, commands in tables
    ]
    words = tr("Letters and digits by themselves. Off: only buttons, menus, and the palette (Ctrl+K).")
    switch = SwitchRow(theme, preferences, "SingleLetterKeys", tr("Single letters as keys"), words)
    return column(card("", switch), *lists)


def privacy(theme: Theme, preferences: Preferences) -> QWidget:
    """The lock, staying signed in, and what is on this computer."""
    times = tuple((value, minutes(value)) for value in _LOCK_MINUTES)
    stored = [label(f"• {tr_marked(line)}", "body", wrap=True) for line in _STORED]
    return column(
        card(
            tr("Lock"),
            ChoiceRow(
                theme,
                preferences,
                "LockTimeoutMinutes",
                tr("Lock without use"),
                times,
                words=tr("The strictest of what you, your organization and the server say counts."),
                shown=minutes,
            ),
            SwitchRow(
                theme,
                preferences,
                "KeepSignedIn",
                tr("Stay signed in"),
                tr("The sign-in is kept in the system's keyring when Carena is closed. Counts from the next start."),
            ),
        ),
        card(tr("On this computer"), *stored, label(tr_marked(_NOT_STORED), "secondary", wrap=True)),
    )


def about(theme: Theme, preferences: Preferences, version: str) -> QWidget:
    """Version, policies in force with who set them, and licences."""
    policies = RecordTable(theme, tr("Policies"), (tr("Name"), tr("In force"), tr("Set by"), tr("Source")))
    policies.show_records([(line.policy.name, _in_force(line)) for line in preferences.lines()])
    licences = RecordTable(theme, tr("Made with"), (tr("Name"), tr("Licence"), tr("Home")))
    made = made_with(resources.path("licences.json"))
    licences.show_records([(part.name, (part.name, part.licence, part.home)) for part in made.parts])
    for table in (policies, licences):
        table.setMinimumHeight(theme.px(300))
    texts = [InfoRow(tr("Texts of the licences"), made.texts)] if made.texts else []
    return column(
        card("Carena Desktop", InfoRow(tr("Version"), version), InfoRow(tr("Licence"), made.licence), *texts),
        card(tr("Policies"), policies),
        card(tr("Made with"), licences),
    )


def _in_force(line: Line) -> tuple[str, str, str, str]:
    origin = line.origin if line.who is not Who.NOBODY else ""
    return line.policy.name, _value(line.value), tr_marked(_WHO[line.who]), origin


def _value(value: Value) -> str:
    if value is None or value == "":
        return tr("not set")
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return ", ".join(value) if isinstance(value, tuple) else str(value)
