"""Secrets: sealed where they must be read again, digested where they need only be recognised.

======================  =======================  ==========================================
what                    with                     key
======================  =======================  ==========================================
a value read again      ``seal``, SealedField    the ring ``CIAM_KERNEL["KEYS"]``
a person's own value    ``seal_for``             that person's key, destroyed by erasure
a code, a look-up key   ``keyed_digest``         the ring
a random token          ``token_digest``         none: only for secrets of 128 bits and more
======================  =======================  ==========================================
"""

from ciam_core.kernel.secrets.digests import keyed_digest, keyed_digests, new_code, new_token, token_digest
from ciam_core.kernel.secrets.fields import SealedField
from ciam_core.kernel.secrets.person_keys import destroy_person_key, seal_for, unseal_each, unseal_for
from ciam_core.kernel.secrets.rotation import reencryptions, reseal
from ciam_core.kernel.secrets.seals import SecretUnreadable, seal, unseal

__all__ = [
    "SealedField",
    "SecretUnreadable",
    "destroy_person_key",
    "keyed_digest",
    "keyed_digests",
    "new_code",
    "new_token",
    "reencryptions",
    "reseal",
    "seal",
    "seal_for",
    "token_digest",
    "unseal",
    "unseal_each",
    "unseal_for",
]
