"""The ways in which a form reaches the office (扫描情形), each a recipe for the maker of papers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from flows.demo.seals import DARK, PINK, RED, SealLook


@dataclass(frozen=True, slots=True)
class Scenario:
    """One recipe: how the sheet is laid out, stamped, and scanned."""

    name: str
    layout: str = "line"
    """``line``, ``plain``, ``table``, ``below``, ``split``, ``wide`` (spaced labels) or ``redhead``."""
    font: str = "serif"
    """``serif``, ``sans`` or ``hand``; ``mixed`` picks one of the printed ones."""
    hand_file: str = ""
    """A font file of handwriting for ``hand``; empty for a printed face, bent letter by letter."""
    dpi: int = 200
    quality: tuple[int, int] = (55, 80)
    places: tuple[str, ...] = ("date",)
    """Where seals stand: ``date``, ``applicant``, ``recommender``, ``corner``, ``edge``, ``beside``."""
    seal: SealLook = field(default_factory=SealLook)
    seal_font: str = "serif"
    skew: tuple[float, float] | None = None
    tone: tuple[float, float] | None = None
    blur: float = 0.0
    noise: float = 0.0
    colours: str = "colour"
    turned: int = 0
    phone: int = 0
    """Long side in pixels where a phone took the picture; 0 for a scanner."""
    hard: bool = False

    def seal_look(self, rng: np.random.Generator) -> SealLook:
        """Return the seal's look with the small differences that every press of a stamp has."""
        size = float(rng.uniform(0.95, 1.07))
        return replace(
            self.seal,
            width=self.seal.width * size,
            height=self.seal.height * size,
            ink=self.seal.ink * float(rng.uniform(0.92, 1.0)),
            turned=self.seal.turned + float(rng.uniform(-12, 12)),
            serial=bool(rng.random() < 0.6) and self.seal.serial,
        )


_FADED = SealLook(colour=RED, ink=0.42, worn=0.4)
_OVAL = SealLook(width=45, height=31, star=False, serial=False)

_ALL = (
    Scenario("clean300", dpi=300, quality=(80, 92)),
    Scenario("clean150", dpi=150, quality=(75, 90), font="mixed"),
    Scenario("scan200", quality=(50, 75), skew=(0.1, 1.2), noise=2, font="mixed"),
    Scenario("poor", dpi=150, quality=(30, 50), skew=(1.0, 3.6), tone=(60, 225), noise=5, blur=0.6),
    Scenario("skew", skew=(4.0, 6.0), quality=(50, 75)),
    Scenario("grey", colours="grey", skew=(0.1, 1.0), noise=2),
    Scenario("bilevel", colours="bilevel", skew=(0.1, 1.0), noise=3),
    Scenario("phone", phone=3200, quality=(70, 85), dpi=250),
    Scenario("phonehard", phone=2000, quality=(50, 70), hard=True),
    Scenario("rot90", turned=90, skew=(0.1, 1.0)),
    Scenario("rot180", turned=180, skew=(0.1, 1.0)),
    Scenario("rot270", turned=270, skew=(0.1, 1.0)),
    Scenario("table", layout="table", font="mixed", skew=(0.1, 1.0)),
    Scenario("below", layout="below", skew=(0.1, 1.0)),
    Scenario("split", layout="split", skew=(0.1, 1.0), font="mixed"),
    Scenario("wide", layout="wide", skew=(0.1, 1.0)),
    Scenario("plain", layout="plain", font="sans"),
    Scenario("redhead", layout="redhead", skew=(0.1, 1.0)),
    Scenario("hand", font="hand", skew=(0.1, 1.0)),
    Scenario("handphone", font="hand", phone=3000, dpi=250),
    Scenario("dpi100", dpi=100, quality=(60, 80)),
    Scenario("dpi600", dpi=600, quality=(60, 75), skew=(0.1, 0.8)),
    Scenario("overname", places=("applicant",), skew=(0.1, 1.0)),
    Scenario("faded", seal=_FADED, tone=(90, 238), skew=(0.1, 1.0)),
    Scenario("pink", seal=SealLook(colour=PINK, worn=0.3), skew=(0.1, 1.0)),
    Scenario("dark", seal=SealLook(colour=DARK, worn=0.1, ink=1.0), skew=(0.1, 1.0)),
    Scenario("oval", seal=_OVAL, skew=(0.1, 1.0)),
    Scenario("nostar", seal=SealLook(star=False), skew=(0.1, 1.0)),
    Scenario("twoseals", places=("date", "recommender"), skew=(0.1, 1.0)),
    Scenario("overlap", places=("date", "beside"), skew=(0.1, 1.0)),
    Scenario("cut", places=("edge",), skew=(0.1, 1.0)),
)

SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
"""Every scenario by its name."""
