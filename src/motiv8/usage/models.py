"""What the quota route gives."""

from typing import Annotated

from pydantic import Field

from motiv8.schema import ResponseBody


class Allowance(ResponseBody):
    """How often something may be done, and how often it still may."""

    limit: int
    remaining: int
    resets_at: Annotated[str | None, Field(description="When more is free again; null while nothing is used")]


class Allowances(ResponseBody):
    """Everything that is limited for each person."""

    pictures: Annotated[Allowance, Field(description="Pictures to ask for, in any 24 hours")]
    uploads: Annotated[Allowance, Field(description="Photos to send, in any 24 hours")]
    exports: Annotated[Allowance, Field(description="Archives in an hour; one that is being made is not counted yet")]
    coach_tokens: Annotated[Allowance, Field(description="Tokens of the coach's answers, on a day in UTC")]
