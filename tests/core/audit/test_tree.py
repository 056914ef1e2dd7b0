"""The tree is that of RFC 9162 §2.1, and the bytes of a row are what they were."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.db import connection

from ciam_core.audit.leaves import canonical, columns
from ciam_core.audit.tree import Tree, leaf_hash, node_hash
from tests.core.audit.trail import happen

# Of the reference implementation (certificate-transparency, merkletree/merkle_tree_test.cc).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_roots_are_those_of_the_reference_implementation():
    tree = Tree()
    assert tree.root == sha256(b"").digest()
    grown = []
    for leaf in LEAVES:
        tree.add(leaf_hash(bytes.fromhex(leaf)))
        grown.append(tree.root.hex())
    assert grown == ROOTS


def test_a_tree_grows_on_from_its_peaks():
    leaves = [leaf_hash(bytes([n])) for n in range(100)]
    whole, half = Tree(), Tree()
    for leaf in leaves[:37]:
        half.add(leaf)
    half = Tree(half.size, half.peaks)
    for leaf in leaves[37:]:
        half.add(leaf)
    for leaf in leaves:
        whole.add(leaf)
    assert half.root == whole.root == recursive(leaves)


def recursive(leaves):
    """RFC 9162 §2.1.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(recursive(leaves[:k]), recursive(leaves[k:]))


def test_peaks_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="peaks"):
        Tree(3, [b"x"])


GOLDEN = (
    b'["ciam-audit-1","019ac0de000070008000000000000001","session.signed_in","al\xc3\xacce\\n\\"",null,"app",'
    b'"2026-11-25T16:46:00.000000Z","p1:abc"]'
)


def test_the_bytes_of_a_row_are_pinned():
    row = ("019ac0de000070008000000000000001", "session.signed_in", 'alìce\n"', None, "app")
    assert canonical(*row, "2026-11-25T16:46:00.000000Z", "p1:abc") == GOLDEN
    assert leaf_hash(GOLDEN).hex() == "a2c93a1dab7eaa743eb848bce3bac24ca179e1972c2f735f9f99ed77b1dbec23"


@pytest.mark.django_db
@pytest.mark.parametrize("microsecond", [0, 1200, 123456])
def test_every_database_reads_a_row_alike(microsecond):
    event = happen("alice", occurred_at=datetime(2026, 11, 25, 16, 46, 0, microsecond, UTC))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns(connection)} FROM "ciam_core_auditevent" e')
        row = cursor.fetchone()
    assert row[:6] == (
        event.id.hex,
        "session.signed_in",
        "alice",
        None,
        "app",
        f"2026-11-25T16:46:00.{microsecond:06}Z",
    )
