"""Reads photographs (照片): size, sharpness, likeness to one another, what they show at first sight.

EXIF orientation is applied everywhere. Locations in a picture are noticed here and taken out by
``parsers.photo.location`` before a picture leaves the house.
"""

from __future__ import annotations

import contextlib
import html
import io
import re
import warnings
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from parsers.facts.looks import Look, PictureFacts
from parsers.facts.problem import Problem, Weight
from parsers.page.page import find_sheet
from parsers.photo.location import names_a_place

Pixels = NDArray[Any]

MOST_PIXELS = 120_000_000
"""Larger pictures are refused: no phone makes them, and decoding one costs a gigabyte."""
_MOST_FRAMES = 5
_PAPER_WRITING = 32
"""Pixels, where the picture's long side has 1000: a line of writing on paper is not higher, nor if a little askew."""
_TRUNCATED = Problem(
    "picture-damaged",
    "图片文件已损坏或不完整，无法打开。",
    cure="请确认图片能在电脑上正常打开，重新导出后再次发送。",
    weight=Weight.UNREADABLE,
)
_HUGE = Problem(
    "picture-too-large",
    f"图片像素超过 {MOST_PIXELS // 1_000_000} 百万，未予打开。",
    cure="请将图片缩小到 5000 万像素以内后再次发送。",
    weight=Weight.UNREADABLE,
)


class TooManyPixelsError(ValueError):
    """The picture's header promises more pixels than are opened."""


@contextlib.contextmanager
def open_picture(data: bytes) -> Iterator[Image.Image]:
    """Open a picture of any kind that Pillow or libheif knows; refuses bombs before a pixel is decoded.

    Raises ``TooManyPixelsError`` for a bomb, and Pillow's own errors for what is no picture.
    """
    _know_heif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise TooManyPixelsError
            yield picture


def as_seen(picture: Image.Image) -> Image.Image:
    """Return a picture as a viewer shows it: upright, in RGB, on white paper where it is see-through.

    Grey of 16 bits or more is brought to 8, and a fax whose points are not square is stretched to its true shape.
    """
    seen = ImageOps.exif_transpose(picture)
    if seen.mode.startswith("I") or seen.mode == "F":
        seen = _eight_bits(seen)
    if seen.has_transparency_data:
        through = seen.convert("RGBA")
        paper = Image.new("RGBA", through.size, "white")
        seen = Image.alpha_composite(paper, through)
    seen = seen.convert("RGB")
    across, down = _density(picture)
    if across > 1.3 * down:
        return seen.resize((seen.width, round(seen.height * across / down)))
    return seen.resize((round(seen.width * down / across), seen.height)) if down > 1.3 * across else seen


def pages_in(picture: Image.Image) -> int:
    """Return how many pages a picture has; what phones lay behind the first one (MPO) is none."""
    return 1 if picture.format == "MPO" else int(getattr(picture, "n_frames", 1))


def _eight_bits(picture: Image.Image) -> Image.Image:
    values = np.asarray(picture).astype(np.float32)
    low, high = (0.0, 65535.0) if picture.mode.startswith("I;16") else (float(values.min()), float(values.max()))
    if picture.mode == "I" and low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0
    return Image.fromarray(((values - low) * (255 / max(high - low, 1e-6))).clip(0, 255).astype(np.uint8))


def _density(picture: Image.Image) -> tuple[float, float]:
    """Return the points an inch across and down, (1, 1) where the file does not say or nobody could mean it."""
    try:
        across, down = (float(number) for number in picture.info.get("dpi", (1, 1)))
    except (TypeError, ValueError):
        return 1.0, 1.0
    believable = across > 0 and down > 0 and 1 / 3 < across / down < 3
    return (across, down) if believable else (1.0, 1.0)


def look_at_photo(data: bytes, type: str) -> Look:  # noqa: A002 - the facts call the kind of file its type
    """Return what is seen of a picture at first sight. Never raises; a broken picture is a problem."""
    try:
        with open_picture(data) as picture:
            return Look(type, picture=_facts(picture, type, has_location=names_a_place(data)))
    except (TooManyPixelsError, Image.DecompressionBombError):
        return Look(type, problems=(_HUGE,))
    except Exception:  # noqa: BLE001 - Pillow raises OSError, SyntaxError, struct.error, ValueError … on broken files
        return Look(type, problems=(_TRUNCATED,))


def _facts(picture: Image.Image, type_: str, *, has_location: bool) -> PictureFacts:
    taken, caption = _taken_on(picture), _caption(picture)
    exif = bool(picture.getexif().get(ExifTags.Base.Make))
    flat_colours = picture.mode in ("P", "1") or (picture.mode == "RGBA" and _is_see_through(picture))
    # JPEG decoders can reduce while they decode; four times fewer pixels are enough for everything below.
    full = picture.size
    picture.draft("RGB", (1500, 1500))
    upright = as_seen(_first_written(picture))
    width, height = full if (upright.width >= upright.height) == (full[0] >= full[1]) else (full[1], full[0])
    pixels = np.asarray(upright)
    return PictureFacts(
        width=width,
        height=height,
        sharpness=round(_sharpness(pixels), 2),
        phash=hash_of(pixels),
        caption=caption,
        taken_on=taken,
        has_location=has_location,
        looks_like=_looks_like(pixels, (width, height), type_, flat=flat_colours, camera=exif),
    )


def _first_written(picture: Image.Image) -> Image.Image:
    """Return the first page of a picture of several (TIFF) that is not blank: covers and backs often are."""
    if pages_in(picture) == 1:
        return picture
    for number in range(min(pages_in(picture), _MOST_FRAMES)):
        picture.seek(number)
        low, high = picture.convert("L").resize((200, 200), Image.Resampling.BOX).getextrema()
        if isinstance(low, int) and isinstance(high, int) and high - low > 40:
            return picture
    picture.seek(0)
    return picture


def _sharpness(pixels: Pixels) -> float:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = 1000 / max(grey.shape)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


def hash_of(pixels: Pixels) -> str:
    """Return 64 bits: which of the lowest 8×8 cosine waves of a 32×32 picture are above their median."""
    small = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), (32, 32), interpolation=cv2.INTER_AREA)
    waves = cv2.dct(small.astype(np.float32))[:8, :8].flatten()
    bits = waves > np.median(waves[1:])
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def _looks_like(pixels: Pixels, size: tuple[int, int], type_: str, *, flat: bool, camera: bool) -> str:
    """Tell photographs from pages, screenshots and graphics by size, colours and flatness."""
    long_side, short_side = max(size), max(min(size), 1)
    scale = min(1.0, 600 / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    colours = len(np.unique((small // 16).reshape(-1, 3), axis=0))
    if _is_page(pixels) or _is_sheet_on_desk(pixels):
        return "page"
    exact = cv2.resize(pixels, (600, 600), interpolation=cv2.INTER_NEAREST).astype(np.int16)
    still = float((np.abs(np.diff(exact, axis=1)).max(axis=2) == 0).mean())
    plain = (colours < 40 and still > 0.5) or flat
    if long_side < 200 or long_side / short_side > 6 or (plain and long_side < 700):
        return "graphic"
    if not camera and still > (0.45 if type_ in ("png", "bmp", "gif") else 0.6) and grey.std() > 8:
        return "screenshot"
    return "photo"


def _is_sheet_on_desk(pixels: Pixels) -> bool:
    """Whether a sheet of paper with writing lies in the picture, perhaps small or aslant."""
    flat = find_sheet(pixels)
    return flat is not None and _is_page(flat)


def _is_page(pixels: Pixels) -> bool:
    """Whether most of the picture is one even light ground with small dark marks on it: paper with writing."""
    scale = min(1.0, 1000 / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    ground = cv2.medianBlur(cv2.dilate(grey, np.ones((7, 7), np.uint8)), 31)
    paper = (ground > 95) & (cv2.absdiff(grey, ground) < 22)
    rough = cv2.Laplacian(cv2.GaussianBlur(ground, (0, 0), 3), cv2.CV_64F)
    even = paper & (np.abs(rough) < 2.5)
    marks = (ground.astype(np.int16) - grey > 45) & (ground > 95)
    saturation = (small.max(axis=2).astype(np.int16) - small.min(axis=2))[even]
    if float(even.mean()) < 0.5 or saturation.size == 0 or float(np.median(saturation)) > 60:
        return False
    if not 0.002 < float(marks.mean()) < 0.25:
        return False
    # Writing stands in rows: the marks, closed sideways, make flat stretches many times wider than high.
    if not _is_paper_to_its_rim(grey, small) and _spread(marks) < 0.25:
        return False
    if _has_rows(marks):
        return float(np.median(saturation)) <= 45
    return _has_rows(np.ascontiguousarray(marks.T)) and float(np.median(saturation)) <= 30


def _has_rows(marks: NDArray[np.bool_]) -> bool:
    """Whether most writing is as small as on paper: boards, labels and certificates on a wall are written larger."""
    joined = cv2.morphologyEx(marks.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 15), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(joined))
    wide, high, area = (stats[1:, part] for part in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    rows = high[(wide > 3.2 * high) & (high >= 5) & (high <= 90) & (area > 0.3 * wide * high)]
    small = int((rows <= _PAPER_WRITING).sum())
    return small >= 3 and small >= len(rows) - small


def _spread(marks: NDArray[np.bool_]) -> float:
    """Return the share of the picture over which its marks are spread, leaving out the outermost tenths of them."""
    down, across = np.nonzero(marks)
    if not down.size:
        return 0.0
    high, wide = (float(np.subtract(*np.percentile(places, (95, 5)))) for places in (down, across))
    return high * wide / marks.size


def _is_paper_to_its_rim(grey: Pixels, small: Pixels) -> bool:
    """Whether white paper reaches the picture's edge on all sides, as on a scan."""
    edge = max(2, min(grey.shape) // 50)
    rim = np.ones(grey.shape, dtype=bool)
    rim[edge:-edge, edge:-edge] = False
    white = (grey > 190) & (small.max(axis=2).astype(np.int16) - small.min(axis=2) < 40)
    return float(white[rim].mean()) > 0.9


def _is_see_through(picture: Image.Image) -> bool:
    low, _ = picture.getchannel("A").getextrema()
    return isinstance(low, int | float) and low < 250


def _taken_on(picture: Image.Image) -> date | None:
    try:
        exif = picture.getexif()
        words = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
        match = re.match(r"(\d{4})[:\-](\d{2})[:\-](\d{2})", str(words or ""))
        return date(*(int(part) for part in match.groups())) if match else None
    except Exception:  # noqa: BLE001 - cameras write anything
        return None


def _caption(picture: Image.Image) -> str:
    """Return a caption that the picture itself carries: EXIF description, Windows title or subject, XMP."""
    try:
        exif = picture.getexif()
        for tag in (ExifTags.Base.XPTitle, ExifTags.Base.XPSubject, ExifTags.Base.XPComment):
            raw = exif.get(tag)
            if isinstance(raw, bytes | tuple):
                words = bytes(raw).decode("utf-16-le", "ignore").strip("\0 ")
                if _is_caption(words):
                    return words
        words = _rightly_decoded(str(exif.get(ExifTags.Base.ImageDescription) or "")).strip("\0 ")
        return words if _is_caption(words) else _xmp_caption(picture)
    except Exception:  # noqa: BLE001 - cameras write anything
        return ""


def _rightly_decoded(words: str) -> str:
    """Return words whose bytes were taken for Latin-1 as what they are: UTF-8, or what Chinese Windows writes."""
    for charset in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeError):
            return words.encode("latin-1").decode(charset)
    return words


def _xmp_caption(picture: Image.Image) -> str:
    """Return the title or description of the picture's XMP packet (Dublin Core), tags taken off."""
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    text = packet.decode("utf-8", "ignore") if isinstance(packet, bytes) else str(packet)
    for match in re.finditer(r"<dc:(title|description)>(.{0,2000}?)</dc:\1>", text[:200_000], re.DOTALL):
        words = html.unescape(re.sub(r"<[^>]*>", " ", match[2])).strip()
        if _is_caption(words):
            return words
    return ""


def _is_caption(words: str) -> bool:
    """Whether the words say something: cameras and editors fill this place with their own names."""
    return len(re.findall(r"[\u4e00-\u9fff]", words)) >= 3


@cache
def _know_heif() -> None:
    import pillow_heif  # noqa: PLC0415 - 20 MB that most processes never need

    pillow_heif.register_heif_opener()
