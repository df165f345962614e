"""Filters of rows, as LanceDB reads them: a name is checked, a text is quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")


def matching(namespaces: Iterable[str], tags: Iterable[str]) -> str:
    """The filter of a search; empty when no namespace is named."""
    names = ", ".join(checked(name) for name in sorted(set(namespaces)))
    if not names:
        return ""
    wanted = ", ".join(checked(tag) for tag in sorted(set(tags)))
    return f"namespace IN ({names})" + (f" AND array_has_all(tags, make_array({wanted}))" if wanted else "")


def checked(name: str) -> str:
    """The name, quoted. Raises ValueError for one that no document, namespace or tag can bear."""
    if not _NAME.fullmatch(name):
        raise ValueError("a name of letters, digits and hyphens, at most 63")
    return _text_literal(name)


def _text_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def one_of(ids: Iterable[str]) -> str:
    """The filter of these passages."""
    return f"id IN ({', '.join(_text_literal(passage_id) for passage_id in ids)})"


def of_document(document_id: str) -> str:
    """The filter of a document's passages. Raises ValueError as `checked`."""
    return f"document_id = {checked(document_id)}"


def of_namespace(namespace: str) -> str:
    """The filter of a namespace's passages. Raises ValueError as `checked`."""
    return f"namespace = {checked(namespace)}"
