"""No photo leaves with the place it was taken at, in whichever format and however the place is written into it."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from flows.demo.papers import make_photo
from parsers.photo.location import holds_archive, mail_without_location, names_a_place, without_location
from parsers.photo.thumbnail import thumbnail
from tests.parsers.containers.world import form_docx

PLACE = {1: "N", 2: (30.0, 15.0, 10.0), 3: "E", 4: (120.0, 9.0, 30.0)}
XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="30,15.17N" exif:GPSLongitude="120,9.5E"/>'
    b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
SIGNS = (b"30,15.17N", b"120,9.5E", b"Hangzhou", "杭州市".encode())

pillow_heif.register_heif_opener()


def photo() -> Image.Image:
    return Image.open(io.BytesIO(make_photo(3, 480, 360)))


def exif(*, place: bool = True) -> Image.Exif:
    made = Image.Exif()
    made[ExifTags.Base.Make] = "Made"
    made[ExifTags.Base.Orientation] = 6
    made[ExifTags.Base.ImageDescription] = "workshop"
    made.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:04:12 10:30:00"
    if place:
        made.get_ifd(ExifTags.IFD.GPSInfo).update(PLACE)
    return made


def saved(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    photo().save(out, kind, **options)
    return out.getvalue()


def with_iptc() -> bytes:
    """A JPEG whose caption and city stand in IPTC (IIM 4.2), as picture agencies write them."""
    records = b"".join(
        b"\x1c\x02" + bytes([kind]) + len(text).to_bytes(2, "big") + text
        for kind, text in ((120, "车间".encode()), (90, b"Hangzhou"), (101, "杭州市".encode()))
    )
    block = b"8BIM\x04\x04\0\0" + len(records).to_bytes(4, "big") + records
    body = b"Photoshop 3.0\0" + block + b"\0" * (len(block) % 2)
    data = saved("JPEG")
    return data[:2] + b"\xff\xed" + (len(body) + 2).to_bytes(2, "big") + body + data[2:]


def with_a_profile_in_text() -> bytes:
    body = exif().tobytes()
    info = PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(body):8}\n{body.hex()}\n", zip=True)
    return saved("PNG", pnginfo=info)


def with_a_preview_behind() -> bytes:
    """Two pictures in one file, as phones store a photo and its preview; only the second names the place."""
    return saved("JPEG") + saved("JPEG", exif=exif())


def in_a_tiff() -> bytes:
    tags = ImageFileDirectory_v2()
    for tag, value in exif(place=False).items():
        tags[tag] = value
    tags[ExifTags.IFD.GPSInfo] = PLACE
    return saved("TIFF", tiffinfo=tags)


PLACED: dict[str, Callable[[], bytes]] = {
    "jpeg exif": lambda: saved("JPEG", exif=exif()),
    "jpeg xmp": lambda: saved("JPEG", xmp=XMP),
    "jpeg iptc": with_iptc,
    "jpeg behind another": with_a_preview_behind,
    "png exif": lambda: saved("PNG", exif=exif()),
    "png text": with_a_profile_in_text,
    "tiff": in_a_tiff,
    "webp": lambda: saved("WEBP", exif=exif(), xmp=XMP),
    "heic": lambda: saved("HEIF", exif=exif().tobytes(), xmp=XMP, quality=60),
}


def gps(data: bytes) -> dict[int, object]:
    return dict(Image.open(io.BytesIO(data)).getexif().get_ifd(ExifTags.IFD.GPSInfo))


@pytest.mark.parametrize("name", PLACED)
def test_the_place_goes_and_the_picture_stays(name: str) -> None:
    before = PLACED[name]()

    after = without_location(before)

    assert names_a_place(before)
    assert not names_a_place(after)
    assert len(after) == len(before)
    assert not [sign for sign in SIGNS if sign in after]
    assert gps(after) == {}
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(before))), np.asarray(Image.open(io.BytesIO(after))))


@pytest.mark.parametrize("name", ["jpeg exif", "png exif", "webp", "tiff"])
def test_what_the_file_says_besides_the_place_stays(name: str) -> None:
    before, after = (
        Image.open(io.BytesIO(data)).getexif() for data in (PLACED[name](), without_location(PLACED[name]()))
    )

    for tag in (ExifTags.Base.Make, ExifTags.Base.Orientation, ExifTags.Base.ImageDescription):
        assert after[tag] == before[tag]
    assert after.get_ifd(ExifTags.IFD.Exif) == before.get_ifd(ExifTags.IFD.Exif)


def test_the_numbers_of_the_place_stand_nowhere_in_the_file() -> None:
    degrees = b"".join(number.to_bytes(4, "big") for number in (30, 1, 15, 1, 10, 1))
    before = PLACED["jpeg exif"]()

    assert degrees in before
    assert degrees not in without_location(before)


@pytest.mark.parametrize(
    "data",
    [
        saved("JPEG", exif=exif(place=False)),
        saved("PNG"),
        make_photo(8, 300, 200),
        b"",
        b"\xff\xd8\xff\xe1\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff" * 40,
        b"MM\0*\0\0\0\x08\xff\xff",
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXt",
    ],
    ids=[
        "exif without place",
        "png",
        "photo",
        "empty",
        "cut",
        "pointers into nowhere",
        "too many entries",
        "huge chunk",
    ],
)
def test_what_names_no_place_is_passed_on_as_it_is(data: bytes) -> None:
    assert without_location(data) is data


def test_a_broken_block_of_exif_does_not_keep_the_place() -> None:
    """Pillow gives up on this EXIF; programs that are made to dig places out do not."""
    whole = PLACED["jpeg exif"]()
    broken = whole.replace(b"Made\0", b"Made\xff", 1)

    assert names_a_place(broken)
    assert not names_a_place(without_location(broken))


def test_a_small_copy_is_upright_and_carries_nothing_but_pixels() -> None:
    small = thumbnail(saved("JPEG", exif=exif(), xmp=XMP))

    picture = Image.open(io.BytesIO(small))
    assert picture.width < picture.height
    assert dict(picture.getexif()) == {}
    assert not names_a_place(small)
    assert b"adobe" not in small


def mail(*files: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"] = "wang@example.cn"
    message["Subject"] = "申报材料"
    message.set_content("您好，材料见附件。")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


def attachments(raw: bytes) -> list[bytes]:
    from email import message_from_bytes, policy  # noqa: PLC0415 - used here only

    message = message_from_bytes(raw, policy=policy.default)
    return [part.get_payload(decode=True) for part in message.iter_attachments()]  # type: ignore[misc] # bytes


def test_a_raw_mail_keeps_every_line_but_the_places_in_its_pictures() -> None:
    placed, plain = PLACED["jpeg exif"](), make_photo(8, 300, 200)
    raw = mail(("车间.jpg", placed), ("检测.jpg", plain), ("说明.txt", b"GPSLatitude " * 20))

    cleared = mail_without_location(raw)

    assert [len(line) for line in cleared.splitlines()] == [len(line) for line in raw.splitlines()]
    assert attachments(cleared) == [without_location(placed), plain, b"GPSLatitude " * 20]
    assert base64.b64encode(placed)[:400] not in cleared.replace(b"\n", b"")


def test_a_raw_mail_without_places_is_passed_on_as_it_is() -> None:
    raw = mail(("检测.jpg", make_photo(8, 300, 200)))

    assert mail_without_location(raw) is raw


def test_an_archive_in_a_mail_is_noticed_and_a_word_file_is_none() -> None:
    assert holds_archive(mail(("照片.zip", zipped("车间.jpg", PLACED["jpeg exif"]()))))
    assert not holds_archive(mail(("推荐表.docx", form_docx()), ("车间.jpg", make_photo(8, 300, 200))))
