"""What is wrong with a field, in the language of the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motiv8.accounts.own_lines import REFUSALS
from motiv8.catalogue.translation import said, spoken, translations
from motiv8.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_EMAIL = "value is not a valid email address"
MESSAGES = {
    "missing": "Field required",
    "extra_forbidden": "Extra inputs are not permitted",
    "string_type": "Input should be a valid string",
    "int_type": "Input should be a valid integer",
    "int_parsing": "Input should be a valid integer",
    "bool_type": "Input should be a valid boolean",
    "list_type": "Input should be a valid list",
    "dict_type": "Input should be a valid dictionary",
    "string_too_short": "String should have at least {min_length} characters",
    "string_too_long": "String should have at most {max_length} characters",
    "too_short": "List should have at least {min_length} item",
    "string_pattern_mismatch": "String should match pattern '{pattern}'",
    "literal_error": "Input should be {expected}",
    "greater_than_equal": "Input should be greater than or equal to {ge}",
    "less_than_equal": "Input should be less than or equal to {le}",
    "date_from_datetime_parsing": "Input should be a valid date",
    "date_parsing": "Input should be a valid date",
} | REFUSALS
"""Kind of mistake (pydantic's, and our own) → its words in English, by which they are translated."""


def field_message(error: Mapping[str, Any]) -> str:
    """The words for one of pydantic's errors: its own ones in English, and where there is no translation."""
    # pydantic puts this before the text of a ValueError that a validator of ours raised
    message = str(error["msg"]).removeprefix("Value error, ")
    if spoken.get() == "en":
        return message
    if message.startswith(_EMAIL):
        return said(_EMAIL)
    template = MESSAGES.get(error["type"])
    if template is None or template not in translations(spoken.get()):
        return said(message)
    return said(Words(template, **error.get("ctx", {})))
