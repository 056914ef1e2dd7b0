import gzip
from pathlib import Path

from django.contrib.auth import password_validation

from ciam_core.passwords.common import DIGEST_BYTES, FILE, is_common


def test_the_list_holds_100_000_sorted_digests_and_no_password():
    content = FILE.read_bytes()
    digests = [content[at : at + DIGEST_BYTES] for at in range(0, len(content), DIGEST_BYTES)]
    assert len(digests) == 100_000
    assert digests == sorted(set(digests))
    assert b"password" not in content


def test_every_password_of_djangos_list_that_our_shortest_minimum_allows_is_on_ours():
    packed = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(packed, "rt", encoding="utf-8") as lines:
        missing = [line.strip() for line in lines if len(line.strip()) >= 8 and not is_common(line.strip())]
    assert missing == []


def test_the_first_and_the_last_of_the_list_are_found_and_strangers_beyond_are_not():
    assert is_common("password")
    assert not is_common("plum cake at the harbour")
    assert not any(is_common(f"plum cake {number} at the harbour") for number in range(2000))
