"""What is read from paper and from pages: codes in a PDF, boxes and seats in HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pypdfium2
import zxingcpp

DOTS_PER_POINT = 3.0  # 216 dpi: about what an office printer puts on paper.


def codes_in_pdf(content: bytes) -> list[str]:
    """The text of every QR code on every page, as a scanner at the door would read it from paper."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [code for page in document for code in _codes_on(page)]
    finally:
        document.close()


def _codes_on(page: pypdfium2.PdfPage) -> Iterator[str]:
    bitmap = page.render(scale=DOTS_PER_POINT, grayscale=True)
    rows = memoryview(bytes(bitmap.buffer)).cast("B", (bitmap.height, bitmap.stride))
    for found in zxingcpp.read_barcodes(rows, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        yield found.text


@dataclass
class Sight(HTMLParser):
    """A page as far as this story looks at it: its language, its boxes, its hidden fields, its words."""

    language: str = ""
    boxes: dict[str, bool] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes what this element says."""
        said = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = said.get("lang", "")
        if tag == "form":
            self.forms.append({"": said.get("action", "")})
        if tag == "input" and said.get("type") == "checkbox":
            self.boxes[said.get("name", "")] = "checked" in said
        if tag == "input" and said.get("type") == "hidden" and self.forms:
            self.forms[-1][said.get("name", "")] = said.get("value", "")

    def handle_data(self, data: str) -> None:
        """Keeps the words."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words of the page in one line."""
        return " ".join(" ".join(self.words).split())


def look_at(html: str) -> Sight:
    """Read a page."""
    sight = Sight()
    sight.feed(html)
    return sight
