"""AWS clients of each test's own."""

from stand_in.sdk_clients import clients_of_its_own

__all__ = ["clients_of_its_own"]
