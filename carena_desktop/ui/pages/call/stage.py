"""The picture of the patient with what lies over it: identity, quality, self view with the lamps, messages."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.call.ports import FrameReader
from carena_desktop.ui import text
from carena_desktop.ui.i18n import tr
from carena_desktop.ui.pages.call.consent import ConsentCard
from carena_desktop.ui.pages.call.details_panel import DetailsPanel
from carena_desktop.ui.pages.call.pictures import Pictures
from carena_desktop.ui.pages.call.readings import Quality
from carena_desktop.ui.pages.call.self_view import SelfView
from carena_desktop.ui.pages.call.share_card import ShareCard
from carena_desktop.ui.pages.call.view_model import Message, Scene, ViewState
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import ElidedLabel, IconLabel, label, restyle
from carena_desktop.ui.widgets.marks import Avatar
from carena_desktop.ui.widgets.notice import Notice

SMALLEST = (480, 320)
_AVATAR_FROM = 440
_FIGURES_FROM = 520
_ADVICE_FROM = 200
_ROWS = 5
_UNDER_TOP = 10
"""Between what stands at the top and what comes below: Qt drops the spacing beside rows that others span."""


class IdentityStrip(QFrame):
    """Who the visit is with."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "overlay")
        self._theme = theme
        self._avatar = Avatar(theme, "", 32)
        self._name = ElidedLabel("", "strong")
        self._about = ElidedLabel("", "secondary")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._about)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 14, 8)
        row.setSpacing(10)
        row.addWidget(self._avatar)
        row.addLayout(words, 1)
        self._words, self._room = 0, theme.px(320)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_patient(self, name: str, about: str) -> None:
        """Show name and age."""
        self._avatar.set_initials(text.initials(name))
        self._name.set_full_text(text.isolate(name) if name else tr("Patient"))
        self._about.set_full_text(about)
        wide = max(self._name.sizeHint().width(), self._about.sizeHint().width())
        self._words = wide + 28
        self.fit(self._room)

    def fit(self, room: int) -> None:
        """Take ``room`` pixels at most: initials go, and a name is cut, before they lie over what stands beside."""
        self._room = room
        beside = self._avatar.width() + 10
        self._avatar.setVisible(self._words + beside <= room)
        wanted = self._words + (0 if self._avatar.isHidden() else beside)
        self.setFixedWidth(max(1, min(wanted, self._theme.px(320), room)))


class QualityTile(QFrame):
    """The connection in a word and in numbers."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "overlay")
        self._icon = IconLabel(theme, "signal", "on_stage2", 20)
        self._word = label("", "quality")
        self._brief = self._low = False
        self._figures = label("", "secondary")
        self._figures.setFont(theme.font(12, tabular=True))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._word)
        words.addWidget(self._figures)
        self._advice = label("", "secondary")
        self._advice.setWordWrap(True)
        self._advice.setFixedWidth(theme.px(250))
        self._advice.hide()
        words.addWidget(self._advice)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 14, 8)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_quality(self, quality: Quality) -> None:
        """Show it."""
        restyle(self._word, "tone", quality.tone)
        self._word.setText(quality.word)
        self._figures.setText(quality.figures)
        self._show_figures()
        self._icon.set_icon(quality.icon, "live" if quality.tone == "ok" else "on_stage")
        self._advice.setText(quality.advice)
        self.setAccessibleName(
            " ".join(
                tr("Connection: {word}").format(word=f"{quality.word}. {quality.figures}. {quality.advice}").split()
            )
        )

    def set_brief(self, *, brief: bool, low: bool) -> None:
        """Leave the figures out where they would lie over the name, and the advice where the stage is ``low``."""
        self._brief, self._low = brief, low
        self._show_figures()

    def _show_figures(self) -> None:
        self._figures.setVisible(bool(self._figures.text()) and not self._brief)
        self._advice.setVisible(bool(self._advice.text()) and not self._low)
        self.setToolTip(self._advice.text() if self._low else "")

    @property
    def words(self) -> str:
        """Word and figures as shown."""
        return f"{self._word.text()} {self._figures.text()}".strip()


class CentreMessage(QWidget):
    """What the stage says while there is no picture, and what can be done when the visit is over."""

    rejoin_requested = Signal()
    finish_requested = Signal()
    leave_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._avatar = Avatar(theme, "", 88)
        self._roomy = True
        self._card = QFrame()
        self._title = label("", "stage-title", wrap=True)
        self._words = label("", "stage-text", wrap=True)
        self.rejoin = ActionButton(theme, tr("Rejoin visit"), icon="video", kind="primary")
        self.finish = ActionButton(theme, tr("Finish visit"), icon="circle-check", kind="stage")
        self.back = ActionButton(theme, tr("Back to waiting room"), icon="arrow-left", kind="stage")
        for button in (self.rejoin, self.finish, self.back):
            button.setProperty("ground", "dark")
        self.rejoin.clicked.connect(self.rejoin_requested)
        self.finish.clicked.connect(self.finish_requested)
        self.back.clicked.connect(self.leave_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignHCenter)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(20, 8, 20, 8)
        inside.setSpacing(6)
        for words in (self._title, self._words):
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(words)
        around = QHBoxLayout()
        around.addStretch(1)
        around.addWidget(self._card, 6)
        around.addStretch(1)
        column.addLayout(around)
        self._buttons = QWidget()
        buttons = QHBoxLayout(self._buttons)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(10)
        buttons.addStretch(1)
        for button in (self.rejoin, self.finish, self.back):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addWidget(self._buttons)
        column.addStretch(1)

    def show_avatar(self, *, shown: bool) -> None:
        """Show the initials above the words, or leave them out."""
        self._roomy = shown
        self._avatar.setVisible(shown and self._card.property("role") != "overlay")

    def set_over(self, *, picture: bool) -> None:
        """Say whether a picture lies behind: then the words have a ground of their own, and no initials on a face."""
        restyle(self._card, "role", "overlay" if picture else "")
        self.show_avatar(shown=self._roomy)

    def set_message(self, message: Message, name: str) -> None:
        """Show a message; an empty one hides this."""
        self._title.setText(message.title)
        self._words.setText(message.words)
        self._words.setVisible(bool(message.words))
        self._avatar.set_initials(text.initials(name))
        self.setVisible(bool(message.title))

    def set_choices(self, *, ended: bool, rejoin: bool, finish: bool) -> None:
        """Show what can be done when the visit is over."""
        self.rejoin.setVisible(ended and rejoin)
        self.finish.setVisible(ended and finish)
        self.back.setVisible(ended)
        self._buttons.setVisible(ended)

    @property
    def title_label(self) -> QLabel:
        """The title."""
        return self._title


class Stage(QWidget):
    """The remote pictures and everything over them; siblings, so that a new picture is only a picture."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.pictures = Pictures(theme, self)
        self.video = self.pictures.camera
        self.identity = IdentityStrip(theme)
        self.quality = QualityTile(theme)
        self.details = DetailsPanel(theme)
        self.details.hide()
        self._details_wanted = False
        self.self_view = SelfView(theme)
        self.centre = CentreMessage(theme)
        self.consent = ConsentCard(theme)
        self.share = ShareCard(theme)
        self.view = _view_button(theme)
        self._small = False
        self._theme = theme
        self._quality_matters = self._comparing = False
        self._problems: tuple[str, ...] = ()
        self._held = ""
        self.problem = Notice(theme, "warn")
        self.problem.setFixedWidth(theme.px(420))
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(14, 14, 14, 14)
        grid.setHorizontalSpacing(10)
        top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        grid.addWidget(self.identity, 0, 0, top | start)
        grid.addWidget(self.quality, 0, 2, top | end)
        grid.setRowMinimumHeight(1, _UNDER_TOP)
        grid.addWidget(self.problem, 2, 0, 1, 3, Qt.AlignmentFlag.AlignHCenter)
        grid.addWidget(self.centre, 3, 0, 1, 3)
        grid.addWidget(self.details, 2, 0, 2, 3, top | start)  # beside the face, above the button that has them
        for card in (self.share, self.consent):
            grid.addWidget(card, 0, 0, _ROWS, 3, Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(self.view, 4, 0, bottom | start)
        grid.addWidget(self.self_view, 4, 2, bottom | end)
        grid.setRowStretch(3, 1)
        grid.setColumnStretch(1, 1)
        self.setMinimumSize(*SMALLEST)
        over = (self.identity, self.quality, self.problem, self.details, self.view, self.self_view)
        # Where there is little room a question lies over the self view, never under it.
        for above in (*over, self.share, self.consent):
            above.raise_()

    def add_card(self, card: QWidget) -> None:
        """Let something that is shown on demand lie over everything, in the middle."""
        self._grid.addWidget(card, 0, 0, _ROWS, 3, Qt.AlignmentFlag.AlignCenter)
        card.raise_()

    def hasHeightForWidth(self) -> bool:
        """Never: what lies over the picture may be as tall as it likes, the controls below stay in sight."""
        return False

    def sizeHint(self) -> QSize:
        """As small as can be: it takes what is left, and a page that scrolls asks for what its parts would like."""
        return self.minimumSize()

    def minimumSizeHint(self) -> QSize:
        """The same: what lies over the picture gives way."""
        return self.minimumSize()

    def show_details(self, *, shown: bool) -> None:
        """Show the numbers below the word they explain, or hide them."""
        self._details_wanted = shown
        self.details.setVisible(shown and self._quality_matters and not self._small)
        self._brief_quality()

    def set_small(self, *, small: bool) -> None:
        """Leave only the picture, the way back and what is wrong; the lamps are in the title and the tray as ever."""
        self._small = small
        self.setMinimumSize(*((0, 0) if small else SMALLEST))
        self.problem.setFixedWidth(self._theme.px(240 if small else 420))
        for over in (self.identity, self.self_view):
            over.setVisible(not small)
        self.pictures.set_small(small=small)
        self.quality.setVisible(self._quality_matters and not small)
        self.show_details(shown=self._details_wanted)

    def attach(self, remote: FrameReader | None, screen: FrameReader | None, own: FrameReader | None) -> None:
        """Take pictures from these readers; None lets go of the last ones."""
        self.pictures.attach(remote, screen)
        self.self_view.video.attach(own)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the picture fill the stage; where it is low, words and lamps come before the initials."""
        super().resizeEvent(event)
        self.pictures.setGeometry(self.rect())
        self.self_view.fit(self.size())
        self.centre.show_avatar(shown=self.height() >= self._theme.px(_AVATAR_FROM))
        self._brief_quality()

    def _brief_quality(self) -> None:
        narrow = self.width() < self._theme.px(_FIGURES_FROM)
        low = self.height() < self._theme.px(_ADVICE_FROM)
        # What the details say need not stand twice.
        self.quality.set_brief(brief=narrow or not self.details.isHidden(), low=low)
        beside = self.quality.sizeHint().width() + self._grid.horizontalSpacing() if self._quality_matters else 0
        edges = self._grid.contentsMargins()
        room = self.width() - edges.left() - edges.right()
        self.identity.fit(room - beside)
        self.details.fit(room)

    def render_state(self, state: ViewState) -> None:
        """Show everything but the pictures."""
        asking = state.scene is Scene.ASKING
        ended = state.scene is Scene.ENDED
        self.pictures.render_pictures(camera=state.remote_picture, screen=state.remote_screen)
        self.pictures.set_veiled(camera=state.veiled or state.camera_old, screen=state.veiled)
        self.identity.set_patient(state.patient.name, state.patient.about)
        self.quality.set_quality(state.quality)
        self._quality_matters = not asking and not ended
        self.quality.setVisible(self._quality_matters and not self._small)
        self.view.setVisible(self._quality_matters)
        self.details.show_details(state.quality.details)
        self.show_details(shown=self._details_wanted)
        self.self_view.set_lamps(state.camera, state.microphone, sharing=state.sharing)
        self.centre.set_over(picture=state.remote_picture or state.remote_screen)
        self.centre.set_message(state.message, state.patient.name)
        self.centre.set_choices(ended=ended, rejoin=state.may_rejoin, finish=state.may_finish)
        self._problems, self._held = state.problems, state.held
        self._show_problems()

    def set_comparing(self, *, comparing: bool) -> None:
        """Say whether the safety code stands beside the picture: what it says itself need not lie over the face."""
        if comparing is not self._comparing:
            self._comparing = comparing
            self._show_problems()

    def _show_problems(self) -> None:
        held = (self._held,) if self._held and not self._comparing else ()
        self.problem.show_text(" ".join((*held, *self._problems)))
        # A card below takes no line; -1 where the words are hidden and need none.
        self.problem.setMinimumHeight(max(0, self.problem.heightForWidth(self.problem.width())))


def _view_button(theme: Theme) -> ActionButton:
    button = ActionButton(theme, tr("View"), icon="maximize", kind="stage")
    button.setProperty("ground", "dark")
    button.setAccessibleName(tr("View: full screen, small window, fill"))
    return button
