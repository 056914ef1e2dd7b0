"""The same person's way through the product, by HTML forms, by a browser's JSON and by an app's."""

from tests.journeys.mailbox import code_in, mail_to, newest_code
from tests.journeys.walkers import Walker

ADDRESS, OTHER_ADDRESS = "alice@example.org", "alice@elsewhere.example"
PASSWORD, NEW_PASSWORD = "a quiet morning by the sea", "another evening in the hills"


def come_in(walker: Walker) -> None:
    walker.sign_up(ADDRESS, PASSWORD)
    walker.verify(newest_code(ADDRESS))


def test_nobody_is_inside_before_the_address_is_proven(walker: Walker) -> None:
    walker.sign_up(ADDRESS, PASSWORD)
    assert not walker.is_inside()
    walker.verify(newest_code(ADDRESS))
    assert walker.is_inside()


def test_signing_out_and_in_by_password_and_by_code(walker: Walker) -> None:
    come_in(walker)
    walker.sign_out()
    assert not walker.is_inside()
    walker.sign_in(ADDRESS, PASSWORD)
    assert walker.is_inside()
    walker.sign_out()
    walker.ask_for_code(ADDRESS)
    assert not walker.is_inside()
    walker.enter_code(newest_code(ADDRESS))
    assert walker.is_inside()


def test_recovering_ends_every_other_session_and_the_old_password(walker: Walker) -> None:
    come_in(walker)
    elsewhere = type(walker)()
    elsewhere.ask_for_recovery(ADDRESS)
    elsewhere.recover(newest_code(ADDRESS), NEW_PASSWORD)
    assert elsewhere.is_inside()
    assert not walker.is_inside()
    walker.sign_in(ADDRESS, NEW_PASSWORD)
    assert walker.is_inside()


def test_the_address_changes_once_the_new_one_is_proven_and_the_old_one_is_told(walker: Walker) -> None:
    come_in(walker)
    walker.ask_to_change_address(OTHER_ADDRESS)
    assert walker.addresses() == [ADDRESS]
    before = len(mail_to(ADDRESS))
    walker.confirm_address(code_in(mail_to(OTHER_ADDRESS)[0]))
    assert walker.addresses() == [OTHER_ADDRESS]
    assert len(mail_to(ADDRESS)) == before + 1
    walker.sign_out()
    walker.sign_in(OTHER_ADDRESS, PASSWORD)
    assert walker.is_inside()


def test_the_profile_is_edited(walker: Walker) -> None:
    come_in(walker)
    walker.edit_name("Alice Ærø")
    assert walker.name() == "Alice Ærø"
