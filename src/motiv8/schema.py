"""The bases of what the API takes and gives."""

from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator


def _without_null(schema: dict[str, Any]) -> None:
    """Have the schema of a body offer no null: the fields' None stands for what was left out."""
    for name, field in schema["properties"].items():
        [given] = [option for option in field.pop("anyOf") if option != {"type": "null"}]
        schema["properties"][name] = {key: value for key, value in field.items() if key != "default"} | given


class RequestBody(BaseModel):
    """A JSON body: unknown fields are refused, and types are not guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PartialBody(RequestBody):
    """A JSON body of which any part can be left out, but must not be null."""

    model_config = ConfigDict(json_schema_extra=_without_null)

    @field_validator("*", mode="before")
    @classmethod
    def _no_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("can be left out, but must not be null")
        return value


class ResponseBody(BaseModel):
    """A JSON answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)
