"""The bases of what the API takes and gives."""

from pydantic import BaseModel, ConfigDict, field_validator


class RequestBody(BaseModel):
    """A JSON body: unknown fields are refused, and types are not guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class PartialBody(RequestBody):
    """A JSON body of which any part may be left out, but not null."""

    @field_validator("*", mode="before")
    @classmethod
    def _no_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("may be left out, but not null")
        return value


class ResponseBody(BaseModel):
    """A JSON answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)
