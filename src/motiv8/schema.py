"""The bases of what the API takes and gives."""

from pydantic import BaseModel, ConfigDict


class RequestBody(BaseModel):
    """A JSON body: unknown fields are refused, and types are not guessed."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ResponseBody(BaseModel):
    """A JSON answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)
