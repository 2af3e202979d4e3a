"""The daily digest (每日简报): what came, what is wrong, what waits for whom, and whether anything is lost."""

from flows.steps.digest.content import Digest, Figure, Section
from flows.steps.digest.make import make_digest, queue_digest
from flows.steps.digest.recommender import make_recommender_digest, queue_due_digests, queue_recommender_digest
from flows.steps.digest.written import standalone
from flows.steps.screens.lines import Line

__all__ = [
    "Digest",
    "Figure",
    "Line",
    "Section",
    "make_digest",
    "make_recommender_digest",
    "queue_digest",
    "queue_due_digests",
    "queue_recommender_digest",
    "standalone",
]
