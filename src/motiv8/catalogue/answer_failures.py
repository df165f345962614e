"""Why an answer of the coach's failed, and what a person can do about it."""

SENTENCES: dict[str, str] = {
    "throttled": "The coach has too much to do at the moment. Please try again in a minute.",
    "unavailable": "The coach cannot be reached at the moment. Please try again.",
    "refused": "The coach cannot answer this. Please ask in another way.",
    "ended_early": "The answer broke off. Please try again.",
    "too_long": "The answer became too long. Ask for less, or in parts.",
    "too_many_tools": "The coach did not get to an answer. Please ask in another way.",
    "no_answer": "The coach had nothing to say. Please try again.",
    "interrupted": "The coach was interrupted. Please try again.",
    "internal_error": "Something went wrong on our side. Please try again.",
}


def sentence_of(reason: str | None) -> str:
    """What the person is told; the general sentence for a reason that is unknown."""
    return SENTENCES.get(reason or "", SENTENCES["internal_error"])
