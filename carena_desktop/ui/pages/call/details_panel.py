"""The connection in numbers, both ways, for whoever wants to know or is on the phone with IT."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy

from carena_desktop.ui.i18n import mark, tr, tr_marked
from carena_desktop.ui.pages.call.readings import Detail
from carena_desktop.ui.theme import Theme
from carena_desktop.ui.widgets.labels import label

_HEADS = ("", mark("From the patient"), mark("From you"))


class DetailsPanel(QFrame):
    """A small table over the stage; renewed with every measurement, its labels stay."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "overlay")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 10, 14, 10)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(1)
        for column, head in enumerate(_HEADS):
            self._grid.addWidget(label(tr_marked(head) if head else "", "strong"), 0, column)
        self._cells: list[tuple[QLabel, QLabel, QLabel]] = []

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
