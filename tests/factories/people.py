import factory
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from ciam_core.models import AbstractCustomer

PASSWORD = "a quiet morning by the sea"


class AddressFactory(factory.django.DjangoModelFactory):
    """A proven address that is not the primary one."""

    class Meta:
        model = EmailAddress

    email = factory.Sequence("another{}@example.org".format)
    verified = True
    primary = False


class PersonFactory(factory.django.DjangoModelFactory):
    """Somebody with the password ``PASSWORD`` and a proven address, unless ``unproven=True``."""

    class Meta:
        model = get_user_model()

    class Params:
        passwordless = factory.Trait(password=factory.LazyFunction(lambda: make_password(None)))
        suspended = factory.Trait(state=AbstractCustomer.State.SUSPENDED)

    email = factory.Sequence("person{}@example.org".format)
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    password_checked_at = factory.LazyFunction(timezone.now)

    @classmethod
    def _create(cls, model_class, *args, unproven=False, **fields):
        person = super()._create(model_class, *args, **fields)
        AddressFactory(user=person, email=person.email, primary=True, verified=not unproven)
        return person
