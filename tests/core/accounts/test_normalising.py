import pytest

from ciam_core.accounts.normalising import AddressRefused, normalise_address


@pytest.mark.parametrize("typed", ["alice@faß.de", "alice@FAẞ.de", "alice@βόλος.gr"])
def test_a_domain_that_old_and_new_software_read_differently_is_refused(typed):
    """``faß.de`` and ``fass.de`` have different owners; Python knows one of them only."""
    with pytest.raises(AddressRefused):
        normalise_address(typed)


def test_its_ascii_form_says_which_one_is_meant():
    assert normalise_address("alice@xn--fa-hia.de") == "alice@xn--fa-hia.de"


def test_other_umlauts_become_their_ascii_form():
    assert normalise_address("Alice@Müller.example") == "alice@xn--mller-kva.example"


def test_the_local_part_keeps_its_letters():
    assert normalise_address("straße@example.com") == "straße@example.com"
