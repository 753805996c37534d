"""The connection in numbers, both ways, for whoever wants to know or is on the phone with IT."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.call.readings import Detail
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import label
from carena_desktop.ui.widgets.scrolling import FittedArea

_HEADS = ("", mark("From the patient"), mark("From you"))


class DetailsPanel(QFrame):
    """A small table over the stage; renewed with every measurement, its labels stay."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "overlay")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        content = QWidget()
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(14, 10, 14, 10)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(1)
        for column, head in enumerate(_HEADS):
            self._grid.addWidget(label(tr_marked(head) if head else "", "strong"), 0, column)
        self._cells: list[tuple[QLabel, QLabel, QLabel]] = []
        self._area = FittedArea(content, 0)
        self._area.setAccessibleName(tr("Connection details"))
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._area)

    def show_details(self, rows: tuple[Detail, ...]) -> None:
        """Show the lines."""
        while len(self._cells) < len(rows):
            self._add()
        for index, cells in enumerate(self._cells):
            row = rows[index] if index < len(rows) else Detail("", "")
            for cell, words in zip(cells, (row.name, row.here, row.there), strict=True):
                cell.setText(words)
                cell.setVisible(bool(words))
        self.setAccessibleName(tr("Connection details") + ". " + ". ".join(_spoken(row) for row in rows))

    def fit(self, room: int) -> None:
        """Be as wide as the numbers, and ``room`` pixels at most; where the stage is low or narrow they scroll."""
        wide = self._grid.totalSizeHint().width()
        bar = Qt.ScrollBarPolicy.ScrollBarAsNeeded if wide > room else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._area.setHorizontalScrollBarPolicy(bar)  # the other bar lies in the margin
        self._area.set_width(min(wide, room))
        self.setFixedWidth(self._area.sizeHint().width())

    @property
    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """What is shown, line by line."""
        shown = ((name.text(), here.text(), there.text()) for name, here, there in self._cells)
        return tuple(line for line in shown if line[0])

    def _add(self) -> None:
        cells = (label("", "secondary"), label("", ""), label("", ""))
        for column, cell in enumerate(cells):
            cell.setFont(self._theme.font(12, tabular=True))
            cell.setTextFormat(Qt.TextFormat.PlainText)
            self._grid.addWidget(cell, len(self._cells) + 1, column)
        self._cells.append(cells)


def _spoken(row: Detail) -> str:
    if not row.there:
        return f"{row.name}: {row.here}"
    here = row.here or tr("nothing")
    return tr("{name}: {here} from the patient, {there} from you").format(name=row.name, here=here, there=row.there)
