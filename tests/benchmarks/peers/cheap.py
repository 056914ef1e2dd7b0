"""Ours with a hash that costs nothing, to see where the rest goes."""

from tests.benchmarks.peers.ciam import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
