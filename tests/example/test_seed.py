"""The people of the demo."""

import os
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from ciam_core.queries import people_with
from example_project.shop.management.commands.seed_demo import ALICE, CARLA, PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(settings, people, capsys):
    settings.DEBUG = True
    call_command("seed_demo")
    return capsys.readouterr().out


def test_the_table_names_everybody_and_where_to_go(seeded, people):
    addresses = people.values_list("email", flat=True)

    assert addresses
    assert all(address in seeded for address in [*addresses, PASSWORD, "http://testserver/"])


def test_seeding_again_changes_nothing(seeded, people):
    before = list(people.order_by("pk").values())
    call_command("seed_demo")

    assert list(people.order_by("pk").values()) == before


def test_alice_signs_in_and_staff_find_her(client, seeded):
    signed_in = client.post(reverse("ciam_sign_in"), {"email": ALICE.email, "password": PASSWORD})

    assert signed_in.url == reverse("shop_home")
    assert people_with("customer_number", "k-20417").get().email == ALICE.email


def test_carla_must_replace_her_password_first(client, seeded):
    client.post(reverse("ciam_sign_in"), {"email": CARLA.email, "password": PASSWORD})

    assert client.get(reverse("shop_orders")).url.startswith(reverse("ciam_change_password"))


def test_nobody_gets_a_known_password_in_production(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError):
        call_command("seed_demo")


def test_the_demo_s_links_lead_to_where_it_is_served():
    env = {name: value for name, value in os.environ.items() if name not in ("ADDRESS", "PUBLIC_URL")}
    command = ["make", "--dry-run", "demo", "ADDRESS=localhost:8123"]
    told = subprocess.run(command, cwd=Path(__file__).parents[2], env=env, capture_output=True, text=True, check=True)
    steps = [line for line in told.stdout.splitlines() if "manage.py" in line and "migrate" not in line]
    assert [step.split()[0] for step in steps] == ["PUBLIC_URL=http://localhost:8123"] * 2
