"""allauth.headless, as far as it changes nothing by itself; the rest is ours at the same paths."""

from allauth.headless.constants import Client
from allauth.headless.spec import urls as described
from django.urls import URLPattern, include, path
from django.views.decorators.cache import never_cache

from ciam_core.accounts.headless import addresses, recover, sign_in, sign_up
from ciam_core.accounts.headless.base import AuthView, Config, View, outliving_its_session, whoever_its_session_knows
from ciam_core.accounts.phones import headless as phones
from ciam_core.kernel.required_actions import while_pending

VIEWS: dict[str, type[AuthView]] = {
    "config": Config,
    "auth/session": sign_in.Session,
    "auth/login": sign_in.SignIn,
    "auth/code/request": sign_in.RequestCode,
    "auth/code/resend": sign_in.ResendCode,
    "auth/code/confirm": sign_in.ConfirmCode,
    "auth/come-back": sign_in.ComeBack,
    "auth/reauthenticate": sign_in.Reauthenticate,
    "auth/reauthenticate/code": sign_in.RequestReauthenticationCode,
    "auth/signup": sign_up.SignUp,
    "auth/email/verify": sign_up.VerifyEmail,
    "auth/email/verify/resend": sign_up.ResendVerification,
    "auth/password/request": recover.RequestRecovery,
    "auth/password/reset": recover.Recover,
    "account/password/change": recover.ChangePassword,
    "account/email": addresses.Addresses,
    "account/phone": phones.Phones,
    "auth/phone/verify": phones.VerifyPhone,
    "auth/phone/verify/resend": phones.ResendPhoneCode,
}


def paths_for(client: Client, views: dict[str, type[AuthView]]) -> list[URLPattern]:
    """What a client of ``client``'s kind is answered by: path → view, under ``browser/v1/`` or ``app/v1/``."""
    return [
        path(where, _answering(view, client), name=f"ciam_{client.value}_{where.replace('/', '_')}")
        for where, view in views.items()
    ]


def _answering(view: type[AuthView], client: Client) -> View:
    """``view`` asks by itself what is left to do, and says so in JSON."""
    answering: View = never_cache(outliving_its_session(view.as_api_view(client=client)))
    return while_pending(whoever_its_session_knows(answering) if client == Client.APP else answering)


for _pattern in described.urlpatterns:
    while_pending(_pattern.callback)

urlpatterns = [
    path("browser/v1/", include(paths_for(Client.BROWSER, VIEWS))),
    path("app/v1/", include(paths_for(Client.APP, VIEWS))),
    path("", include((described, "headless"))),  # describes what is routed here, nothing else
]
