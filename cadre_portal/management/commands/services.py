"""`manage.py services start|stop|status`: the embedded PostgreSQL and Valkey."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cadre_portal.embedded.postgres import EmbeddedPostgres
from cadre_portal.embedded.services import embedded_postgres, embedded_valkey
from cadre_portal.embedded.valkey import EmbeddedValkey

Server = EmbeddedPostgres | EmbeddedValkey


class Command(BaseCommand):
    """Start, stop or show the services that the portal runs by itself."""

    help = "Khởi động, dừng hoặc xem PostgreSQL và Valkey do cổng tự chạy trong thư mục var/."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word: what to do."""
        parser.add_argument("action", choices=["start", "stop", "status"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it for each service; one that is configured by URL is left alone."""
        act: Callable[[str, Server], str] = getattr(self, f"_{options['action']}")
        for name, setting, embedded, server in (
            ("PostgreSQL", "DATABASE_URL", settings.EMBEDDED_POSTGRES, embedded_postgres()),
            ("Valkey", "CELERY_BROKER_URL", settings.EMBEDDED_VALKEY, embedded_valkey()),
        ):
            said = act(name, server) if embedded else f"dùng dịch vụ ngoài theo {setting}"
            self.stdout.write(f"{name}: {said}")

    def _start(self, _name: str, server: Server) -> str:
        server.ensure_running()
        return f"đang chạy (pid {server.pid()})"

    def _stop(self, _name: str, server: Server) -> str:
        return "đã dừng" if server.stop() else "không chạy"

    def _status(self, _name: str, server: Server) -> str:
        if server.is_running():
            return f"đang chạy (pid {server.pid()}), nhật ký {server.log}"
        return "không chạy"
