"""`ENGINE` of the embedded server: PostgreSQL, started when a connection needs it."""

import logging
from typing import Any

from django.db.backends.postgresql import base
from psycopg2 import OperationalError

from cadre_portal.embedded.errors import ServiceError

logger = logging.getLogger(__name__)


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects as usual; only when that fails does it see to the server and try once more.

    A running server costs nothing extra, a command that reads no data starts nothing, and
    a server that died is started again by the next connection.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection, starting the server of this portal folder if need be."""
        try:
            return super().get_new_connection(conn_params)
        except OperationalError:
            self._ensure_server()
            return super().get_new_connection(conn_params)

    def _ensure_server(self) -> None:
        from cadre_portal.embedded.services import embedded_postgres

        try:
            embedded_postgres().ensure_running()
        except ServiceError as error:
            logger.error("embedded PostgreSQL cannot start: %s", error.detail)
            raise
