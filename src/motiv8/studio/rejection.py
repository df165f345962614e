"""A photo that will not do."""

from motiv8.catalogue.rejections import SENTENCES, Rejection


class PhotoRejected(Exception):
    """The photo will not do; `reason` says why, `sentence` what a person can do about it."""

    def __init__(self, reason: Rejection) -> None:
        super().__init__(SENTENCES[reason])
        self.reason = reason
        self.sentence = SENTENCES[reason]
