"""What is asked of somebody who signs up with an account elsewhere. No password: that is the point."""

from typing import Any

from ciam_core.building.pages import ProfileForm, email_field
from ciam_core.settings import conf


class OpenAccountForm(ProfileForm):
    """``address``: what the provider has proven, and is not asked again."""

    def __init__(self, *args: Any, address: str = "", **kwargs: Any) -> None:
        asked = [own for own in conf().attributes.values() if own.required == "sign_up"]
        super().__init__(*args, attributes=asked, required=True, **kwargs)
        if not address:
            self.fields = {"email": email_field(), **self.fields}
