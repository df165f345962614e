"""The function that searches the library, asked and answered while a request waits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from motiv8.aws.clients import search_function
from motiv8.settings import settings
from motiv8.telemetry import logger

if TYPE_CHECKING:
    from collections.abc import Sequence


class NotSearched(Exception):
    """The function did not answer: throttled, broken, or too slow."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; `score` is comparable within one search alone, `highlights` are places in the text.

    Where it was asked how near the passage is, `coverage` is the share of the query's words that it holds, and
    `sentences` are their places in the text, each with its similarity to the query.
    """

    passage_id: str
    document_id: str
    score: float
    text: str
    heading: str
    page_from: int | None
    page_to: int | None
    highlights: tuple[tuple[int, int], ...]
    coverage: float = 0.0
    sentences: tuple[tuple[int, int, float], ...] = ()


def search(query: str, namespaces: Sequence[str], tag: str | None, limit: int, sentences_of: int = 0) -> list[Hit]:
    """The passages in these namespaces that answer the query, the best first. Raises NotSearched.

    Of the first `sentences_of` it is told how near they are, which takes a tenth of a second each.
    """
    asked = {"step": "search", "query": query, "namespaces": list(namespaces), "tag": tag, "limit": limit}
    answer = _ask(asked | {"sentences_of": sentences_of})
    return [Hit(**passage) for passage in answer["passages"]]


def answers_probe() -> bool:
    """Whether the known question finds the passage that answers it. Raises NotSearched."""
    return bool(_ask({"step": "probe"})["found"])


def _ask(question: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = search_function().invoke(
            FunctionName=settings().library_search_function, Payload=json.dumps(question).encode()
        )
        body: dict[str, Any] = json.loads(answer["Payload"].read())
    except (ClientError, BotoCoreError, ValueError) as error:
        # The error's text may hold the question.
        logger.warning("search did not answer", exception_type=type(error).__qualname__)
        raise NotSearched from error
    if "FunctionError" in answer:
        logger.warning("search broke", exception_type=body.get("errorType", ""))
        raise NotSearched
    return body
