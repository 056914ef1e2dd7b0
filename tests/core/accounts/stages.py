from allauth.account.stages import LoginStage
from django.http import HttpResponse


class AskMore(LoginStage):
    """Stands for a second factor: nobody has given it yet."""

    key = "ask_more"
    urlname = "ciam_inactive"

    def handle(self):
        return HttpResponse("one more thing"), True
