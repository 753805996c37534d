"""The question before a call ends whose received files nobody has saved, or that still sends some: both are lost."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.ui.i18n import tr
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.buttons import ActionButton
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.sheet import go_round


class UnsavedCard(QFrame):
    """Emits ``show_files``, ``confirmed`` or ``cancelled``. The keyboard begins where nothing is lost."""

    show_files = Signal()
    confirmed = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "ask")
        self._question = label("", "heading", wrap=True)
        self.files = ActionButton(theme, tr("Show the files"), icon="download", kind="primary", large=True)
        self.delete = ActionButton(theme, tr("End and delete them"), kind="danger", large=True)
        self.cancel = ActionButton(theme, tr("Back to the visit"), large=True)
        self.files.clicked.connect(self.show_files)
        self.delete.clicked.connect(self.confirmed)
        self.cancel.clicked.connect(self.cancelled)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 22)
        column.setSpacing(14)
        column.addWidget(self._question)
        self._why = label("", "secondary", wrap=True)
        column.addWidget(self._why)
        for button in (self.files, self.delete, self.cancel):
            column.addWidget(button)
        self.setFixedWidth(theme.px(380))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.hide()

    def ask(self, unsaved: int, undelivered: int = 0) -> None:
        """Ask about so many received files, and so many of ours that have not arrived."""
        questions, reasons = list[str](), list[str]()
        if unsaved:
            questions.append(tr("%n received file(s) not saved", "", unsaved))
            reasons.append(tr("Received files are deleted when the visit ends."))
        if undelivered:
            questions.append(tr("%n file(s) not delivered yet", "", undelivered))
            reasons.append(tr("What is on its way stops with the call, also when the visit is put on hold."))
        self._question.setText("\n".join(questions))
        self._why.setText(" ".join(reasons))
        self.delete.set_action(tr("End and delete them") if unsaved else tr("Stop sending"), "")
        self.setAccessibleName(". ".join(questions))
        self.adjustSize()
        parent = self.parentWidget()
        if parent is not None:
            self.move((parent.width() - self.width()) // 2, (parent.height() - self.height()) // 2)
        self.raise_()
        self.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin where nothing is lost."""
        super().showEvent(event)
        self.files.setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's
        """Tab stays inside: what lies behind is not to be answered now."""
        return go_round(self, forward=forward)
