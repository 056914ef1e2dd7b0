"""The example as its own settings have it, on the servers of the test run."""

import pytest

from example_project.settings import base
from example_project.shop.models import Product


@pytest.fixture(autouse=True)
def _as_the_example(settings):
    settings.ROOT_URLCONF = base.ROOT_URLCONF
    settings.TEMPLATES = base.TEMPLATES
    settings.LANGUAGES = base.LANGUAGES
    settings.CIAM_KERNEL = {**base.CIAM_KERNEL, "PUBLIC_URL": "http://testserver"}
    settings.CIAM_CORE = {**base.CIAM_CORE, "BREACHED_PASSWORDS": None}


@pytest.fixture
def people(django_user_model):
    return django_user_model.objects


@pytest.fixture
def alice(people):
    return people.create_user("alice@example.com", "tea with honey and lemon")


@pytest.fixture
def mallory(people):
    return people.create_user("mallory@example.com", "milk with nothing at all")


@pytest.fixture
def mug(db):
    return Product.objects.create(
        slug="mug", name="Mug", maker="Ida", description="Blue.", price="20.00", picture="mug"
    )
