"""People, made as the flows would have made them."""

from tests.factories.people import PASSWORD, AddressFactory, PersonFactory

__all__ = ["PASSWORD", "AddressFactory", "PersonFactory"]
