"""What ``ciam_audit verify`` ends with where the trail does not hold."""


class TrailBroken(Exception):
    """``where`` names the first row that is wrong ("event 4711", "checkpoint 12"), ``why`` what is wrong with it.

    It is for operations, never an answer to somebody's request, and so no ``CiamError``.
    """

    def __init__(self, where: str, why: str) -> None:
        self.where = where
        self.why = why
        super().__init__(f"{where}: {why}.")
