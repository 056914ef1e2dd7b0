from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2AtOurParameters(Argon2PasswordHasher):
    """Django's own hasher (argon2-cffi), no stronger and no weaker than ours."""

    memory_cost = 19_456
    time_cost = 2
    parallelism = 1
