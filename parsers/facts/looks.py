"""What a parser read from a leaf (读出的内容): plain values with evidence.

Every value here can be written as JSON and read back (``pydantic.TypeAdapter``), because what was read from a
file is kept in the store under the file's hash and the reader's version. Pictures that serve as evidence (the
crop of a field, a seal) lie in the spool or the blobs under the SHA-256 that ``crop`` names, as PNG.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from parsers.facts.problem import Problem


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on an upright page; each side is a share (0 to 1) of the page's width or height."""

    left: float
    top: float
    right: float
    bottom: float


class Source(StrEnum):
    """Where a field's words come from (来源)."""

    TEXT = "text"
    """The file's own text."""
    ACROFORM = "acroform"
    """A filled PDF form field."""
    OCR = "ocr"
    """Read from the picture."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form (表单栏目).

    ``certain`` with a value: it says this, wrong at most once in 500. ``certain`` without a value: the field is
    certainly blank. Not ``certain``: the reader is unsure, and ``value`` is its best guess (may be empty).
    ``raw`` is what stood there before a correction against known names; empty where nothing was corrected.
    """

    value: str = ""
    confidence: float = 0.0
    certain: bool = False
    page: int = 0
    box: Box | None = None
    crop: str | None = None
    source: Source = Source.OCR
    raw: str = ""


class FormKind(StrEnum):
    """Which form this is, judged by its title (表格种类)."""

    CURRENT = "current"
    """The form of this call."""
    OLD = "old"
    """The same call's form of another year."""
    OTHER = "other"
    """Another annex or another programme's form."""
    UNKNOWN = "unknown"
    """No title was recognised."""


@dataclass(frozen=True, slots=True)
class FormFacts:
    """The 推荐表 as read: its four fields and which form it is."""

    kind: FormKind = FormKind.UNKNOWN
    title: str = ""
    case_title: FormField = field(default_factory=FormField)
    applicant: FormField = field(default_factory=FormField)
    recommender: FormField = field(default_factory=FormField)
    submitted_on: FormField = field(default_factory=FormField)
    """``value`` is ISO 8601 (``2026-05-08``) where it could be read as a date, else the words as they stand."""
    credit_code: str = ""
    """统一社会信用代码 found on the page, check character verified; empty where none."""
    contact: str = ""
    """联系人 and telephone as written, where the form names one; for staff only."""
    mail_rows: tuple[str, ...] = ()
    """Rows that hold a mail address, with those around them, letter for letter from top to bottom."""
    mail_source: Source = Source.OCR
    """Where ``mail_rows`` come from: an address that was read from a picture may be off by a letter."""


class SealStrength(StrEnum):
    """How sure the reader is that a seal is there (印章把握)."""

    STRONG = "strong"
    MID = "mid"


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal (印章) on a page. ``text`` is the name in the ring, as read; ``confidence`` belongs to it."""

    page: int
    box: Box
    text: str = ""
    confidence: float = 0.0
    strength: SealStrength = SealStrength.MID
    shape: str = "round"
    """``round``, ``oval`` or ``square``."""
    serial: str = ""
    """The serial number or credit code in the seal's lower ring, where it could be read."""
    crop: str | None = None
    raw: str = ""
    """What was read before a correction against known names; empty where nothing was corrected."""


@dataclass(frozen=True, slots=True)
class Signature:
    """An electronic signature or e-seal in a PDF (电子签章): what it claims, not whether it is valid."""

    name: str
    signer: str = ""
    signed_at: str = ""
    kind: str = ""
    covers_whole_file: bool = False


class TextLayer(StrEnum):
    """What the text in a PDF is worth (文字层)."""

    REAL = "real"
    """Written by a program."""
    SCANNER = "scanner"
    """Put behind the picture by a scanner's own OCR; often wrong."""
    NONE = "none"


class Colour(StrEnum):
    """What colour is left on the page (色彩). Without colour a red seal can be neither seen nor missed."""

    COLOUR = "colour"
    GREY = "grey"
    BILEVEL = "bilevel"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """A paper document as pages: a PDF, or pictures of pages."""

    pages: int
    text_layer: TextLayer = TextLayer.NONE
    scanned: bool = False
    """Every page that was looked at is one picture of paper."""
    colour: Colour = Colour.UNKNOWN
    clean: bool = False
    """Colour pages on which a seal would be seen if there were one. Only then may its absence be certain."""
    form: FormFacts | None = None
    seals: tuple[Seal, ...] = ()
    signatures: tuple[Signature, ...] = ()
    seal_place: str | None = None
    """Crop of the place where the seal should be, for the letter; only where none was found."""


class PartVerdict(StrEnum):
    """How sure the reader is of a part of the report (章节把握)."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNCLEAR = "unclear"
    ABSENT = "absent"
    """Only where the reader is sure that no part of this meaning stands in the text."""
    NOT_REQUIRED = "not-required"
    """The naming scheme the author followed does not have this part."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts that the notice asks for (报告组成部分). ``words`` is 字数 by Word's rule."""

    name: str
    """The key of the part in the call: ``intro``, ``overview``, ``practice``, ``insight``."""
    verdict: PartVerdict
    words: int = 0
    heading: str = ""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One heading as the reader saw it (提纲条目), with the 字数 below it up to the next heading."""

    level: int
    text: str
    words: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure or a table in the report (图表), with what stands near it."""

    kind: str
    """``figure`` or ``table``."""
    caption: str = ""
    source_noted: bool = False
    near: str = ""
    """A few words by which a person finds the place."""
    pixels: tuple[int, int] | None = None
    dpi: int | None = None
    """Pixels an inch at the width in which the report shows it; below 150 prints badly."""


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Something that should perhaps not be published (不宜公开的内容). ``masked`` never shows the whole."""

    kind: str
    """``id-number``, ``mobile``, ``bank-account``, ``contract-number``, ``secret-mark``, ``customer-list``,
    ``tracked-changes``, ``comments``, ``hidden-text``, ``foreign-author``."""
    masked: str
    near: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class WordCounts:
    """字数 by Word's rule, and how it came about. All are counts of 字, never bytes."""

    body: int
    """Body and tables: what Word shows without text boxes and notes."""
    text_boxes: int = 0
    notes: int = 0
    hidden: int = 0
    headers: int = 0
    numbering: int = 0
    characters: int = 0
    """字符数 (without spaces) of the body, as Word shows it."""

    @property
    def most(self) -> int:
        """The most that any reading of the rule would count."""
        return self.body + self.text_boxes + self.notes + self.hidden + self.numbering


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """The 案例报告 as read."""

    format: str
    """``docx``, ``docm``, ``doc``, ``wps``, ``rtf``, ``odt``, ``html``, ``pdf``."""
    counts: WordCounts
    title: str = ""
    parts: tuple[Part, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    figures: tuple[Figure, ...] = ()
    sensitive: tuple[Sensitive, ...] = ()
    images_only: bool = False
    """Pictures and next to no text: a scanned report inside Word. Its 字数 says nothing."""
    readable: bool = True
    """False where text may be missing from what was read; then no count is certain."""
    names: tuple[str, ...] = ()
    """Company names found on the title page and near the start, in order."""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture as read. ``width`` and ``height`` in pixels after EXIF orientation."""

    width: int
    height: int
    sharpness: float = 0.0
    """Variance of the Laplacian at 1000 pixels on the long side; below 10 is blurred or flat."""
    phash: str = ""
    """64-bit perceptual hash, 16 hexadecimal digits: few bits apart look alike at a glance."""
    caption: str = ""
    """A caption carried by the picture itself (EXIF or XMP); captions from names and texts come later."""
    taken_on: date | None = None
    has_location: bool = False
    looks_like: str = "photo"
    """``photo``, ``page`` (a scan or a photograph of paper), ``screenshot`` or ``graphic`` (logo, icon)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found inside one file (内容读取): whichever of the facts apply, and the problems."""

    type: str
    """The kind sniffed from the content."""
    scan: ScanFacts | None = None
    report: ReportFacts | None = None
    picture: PictureFacts | None = None
    text: str = ""
    """The first characters of whatever text the file holds: 4,000 for classification and names, 40,000 of a report."""
    problems: tuple[Problem, ...] = ()
