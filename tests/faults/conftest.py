"""The catalogue of faults (故障目录): one file a fault, each with what must still be true after it."""

from tests.desk.conftest import office, shop

__all__ = ["office", "shop"]
