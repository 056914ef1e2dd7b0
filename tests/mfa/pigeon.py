"""A factor of a host's own: a pigeon carries a word, and brings it back."""

from dataclasses import dataclass

from django import forms

from ciam_core.kernel.assurance import Level
from ciam_core.kernel.forms import CiamForm
from ciam_mfa.exceptions import AnswerRejected
from ciam_mfa.factors.factor import Begun, Factor, Finding
from ciam_mfa.models import TotpAuthenticator


class Loft(TotpAuthenticator):
    """The same table, seen otherwise: a test makes none of its own."""

    class Meta:
        app_label = "ciam_mfa"
        proxy = True


class WordForm(CiamForm):
    word = forms.CharField(label="Word", max_length=20)


@dataclass(frozen=True)
class RightWord(Finding):
    pass


class Pigeon(Factor):
    name = "pigeon"
    title = "Carrier pigeon"
    rank = 50
    model = Loft
    answer_form = WordForm
    answer_template = "ciam_mfa/totp/answer.html"
    begin_label = "Send the pigeon"
    flown = 0

    def begin(self, authenticator, *, origin):
        self.flown += 1
        return Begun(prompt={"loft": authenticator.name}, state={"word": f"coo{self.flown}"})

    def evaluate(self, authenticator, answer, *, state):
        if not state or answer["word"] != state["word"]:
            raise AnswerRejected(field="word")
        return RightWord(amr=("user",), level=Level.AAL2)

    def spend(self, authenticator, finding, *, origin):
        pass
