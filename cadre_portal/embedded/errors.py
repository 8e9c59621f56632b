"""The one error of the embedded services."""

from django.db import OperationalError


class ServiceError(OperationalError):
    """An embedded service cannot start or be reached.

    `str(error)` is one Vietnamese sentence for the person at the keyboard; `detail` is the
    technical reason in English, for the log. It is an `OperationalError`, so that Django
    treats it as any other unreachable database.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail
