import pytest

from ciam_core.messages.masking import mask_address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("alice.smith@example.org", "a•••••@e•••.org"),
        ("b@x.co.uk", "b•••••@x•••.uk"),
        ("root@localhost", "r•••••@l•••"),
        ('"a@b"@example.org', '"•••••@e•••.org'),
        ("émile@exämple.de", "é•••••@e•••.de"),
        ("@example.org", "•••••"),
        ("no address", "•••••"),
        ("", "•••••"),
    ],
)
def test_an_address_shows_enough_for_its_owner_only(address, shown):
    assert mask_address(address) == shown
