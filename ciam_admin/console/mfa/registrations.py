"""What the console adds where second factors are installed."""

from ciam_admin.console.mfa.factors import revealed_second_factors, second_factors
from ciam_admin.console.tables import person_tables, revealed_tables


def register() -> None:
    person_tables.add("second_factors", second_factors)
    revealed_tables.add("second_factors", revealed_second_factors)
