"""Photographs: which are the same, which way up, what they carry, what they are not."""

from __future__ import annotations

import io
import itertools
from datetime import date

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image, ImageDraw

from flows.checks.likeness import look_alike
from flows.demo.papers import invent_words, make_jpeg, make_photo
from parsers.facts.looks import PictureFacts
from parsers.facts.problem import Weight
from parsers.photo.location import without_location
from parsers.photo.photo import look_at_photo

pytestmark = pytest.mark.slow


def facts(data: bytes, kind: str = "jpeg") -> PictureFacts:
    picture = look_at_photo(data, kind).picture
    assert picture is not None
    return picture


def picture_of(seed: int, width: int = 900, height: int = 675) -> Image.Image:
    return Image.open(io.BytesIO(make_photo(seed, width, height)))


def saved(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def with_location(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Made"
    exif[ExifTags.Base.XPTitle] = "车间自动化产线\0".encode("utf-16-le")
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (30.0, 15.0, 10.0), 3: "E", 4: (120.0, 9.0, 30.0)})
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:04:12 10:30:00"
    return saved(picture, exif=exif, quality=90)


def test_a_dozen_made_photographs_are_sharp_and_all_differ() -> None:
    looks = [facts(make_photo(seed, 480, 360)) for seed in range(12)]

    assert min(look.sharpness for look in looks) > 20
    assert not any(look_alike(a.phash, b.phash) for a, b in itertools.combinations(looks, 2))


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: saved(picture, quality=40),
        lambda picture: saved(picture.resize((450, 338))),
        lambda picture: saved(picture.point(lambda tone: min(255, int(tone * 1.15)))),
        lambda picture: saved(picture, "PNG"),
    ],
    ids=["recompressed", "halved", "brighter", "png"],
)
def test_the_same_photograph_sent_otherwise_looks_alike(change) -> None:
    one, other = picture_of(3), change(picture_of(3))

    assert look_alike(facts(saved(one)).phash, facts(other).phash)


def test_a_blurred_photograph_has_no_sharpness() -> None:
    blurred = cv2.GaussianBlur(np.asarray(picture_of(4)), (0, 0), 9)

    assert facts(saved(Image.fromarray(blurred))).sharpness < 10 < facts(make_photo(4, 900, 675)).sharpness


def test_orientation_from_exif_is_applied_and_the_turned_copy_is_the_same_picture() -> None:
    upright = picture_of(5)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    lying = saved(upright.rotate(90, expand=True), exif=exif)

    assert (facts(lying).width, facts(lying).height) == (900, 675)
    assert look_alike(facts(lying).phash, facts(saved(upright)).phash)


def test_heic_is_read() -> None:
    data = io.BytesIO()
    pillow_heif.from_pillow(picture_of(6, 320, 240)).save(data, quality=70)
    look = facts(data.getvalue(), "heic")

    assert (look.width, look.height) == (320, 240)


def test_place_day_and_caption_in_a_photograph_are_noticed() -> None:
    look = facts(with_location(picture_of(7)))

    assert (look.has_location, look.taken_on, look.caption) == (True, date(2026, 4, 12), "车间自动化产线")


def test_a_name_that_a_camera_gives_is_no_caption() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "DCIM\\IMG_1234"

    assert facts(saved(picture_of(7), exif=exif)).caption == ""


def test_the_place_is_taken_out_and_everything_else_stays() -> None:
    before = with_location(picture_of(7))

    after = without_location(before)

    assert facts(before).has_location
    assert not facts(after).has_location
    assert b"GPS" not in after
    assert facts(after).caption == "车间自动化产线"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(before))), np.asarray(Image.open(io.BytesIO(after))))


def test_a_photograph_without_a_place_is_passed_on_byte_for_byte() -> None:
    data = make_photo(8, 600, 450)

    assert without_location(data) is data


@pytest.mark.parametrize("seed", range(6))
def test_photographs_look_like_photographs(seed: int) -> None:
    assert facts(make_photo(seed, 1200, 900)).looks_like == "photo"


@pytest.mark.parametrize("scenario", ["dpi100", "phonehard", "clean150"])
def test_pictures_of_the_form_look_like_pages(scenario: str) -> None:
    words = invent_words(9)

    assert facts(make_jpeg(words, seal=words.applicant, scenario=scenario, seed=9)).looks_like == "page"


def test_a_logo_is_a_graphic_and_a_window_a_screenshot() -> None:
    logo = Image.new("RGB", (160, 160), "white")
    ImageDraw.Draw(logo).ellipse((20, 20, 140, 140), fill=(200, 30, 40))
    window = Image.new("RGB", (1280, 720), (243, 243, 243))
    pen = ImageDraw.Draw(window)
    pen.rectangle((0, 0, 1280, 60), fill=(0, 103, 192))
    for row in range(6):
        pen.rectangle((300, 120 + row * 95, 1240, 190 + row * 95), fill=(255, 255, 255), outline=(200, 200, 200))
    pen.rectangle((0, 60, 260, 720), fill=(32, 44, 60))

    assert facts(saved(logo, "PNG"), "png").looks_like == "graphic"
    assert facts(saved(window, "PNG"), "png").looks_like == "screenshot"


def test_a_broken_photograph_is_a_problem_with_a_cure() -> None:
    data = make_photo(1, 600, 450)

    for broken in (data[:200], b"", b"GIF89a", data[: len(data) // 2]):
        look = look_at_photo(broken, "jpeg")
        assert look.picture is None
        assert [(problem.code, problem.weight) for problem in look.problems] == [("picture-damaged", Weight.UNREADABLE)]
        assert look.problems[0].cure


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    bomb = saved(Image.new("1", (14_000, 14_000)), "PNG")

    look = look_at_photo(bomb, "png")

    assert look.picture is None
    assert [problem.code for problem in look.problems] == ["picture-too-large"]


@pytest.mark.parametrize(
    "words", ["数控车间自动化产线".encode("gbk"), "数控车间自动化产线".encode()], ids=["gbk", "utf-8"]
)
def test_a_description_in_a_chinese_charset_is_a_caption(words: bytes) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = words

    assert facts(saved(picture_of(7, 320, 240), exif=exif)).caption == "数控车间自动化产线"


def test_a_title_in_xmp_is_a_caption() -> None:
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description><dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
        "检测中心&amp;计量室</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()

    assert facts(saved(picture_of(7, 320, 240), xmp=xmp)).caption == "检测中心&计量室"
