from ciam_core.federation.exceptions import ProviderRejected


class Unproven(ProviderRejected):
    """Why stays on this side: ``reason`` is for the trail, the person is told that it did not work."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason
