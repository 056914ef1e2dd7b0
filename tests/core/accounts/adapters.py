from ciam_core.adapters import CoreAdapter


class Closed(CoreAdapter):
    """A shop that has closed."""

    def may_sign_up(self, address, *, origin):
        return False

    def may_sign_in(self, user, *, origin):
        return False
