"""`manage.py load_demo`: the synthetic province, or the country of the benchmarks."""

import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cadre_portal.common import clock
from cadre_portal.demo import accounts, services
from cadre_portal.demo.country import COUNTRY_FROM, FULL_SIZE, load_country


class Command(BaseCommand):
    """Fill an empty portal with data made by our own generator."""

    help = "Nạp bộ dữ liệu trình diễn (giả định) vào một cổng chưa có dữ liệu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Size, seed, date, and what to do when there are data."""
        parser.add_argument("--size", type=int, default=3_000, help="số cán bộ (mặc định 3000)")
        parser.add_argument("--seed", type=int, default=1, help="cùng số này thì cùng dữ liệu")
        parser.add_argument("--as-of", type=date.fromisoformat, help="ngày xét, YYYY-MM-DD")
        parser.add_argument(
            "--if-empty", action="store_true", help="có dữ liệu rồi thì thôi, không báo lỗi"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then say what there is and how to sign in."""
        started = time.monotonic()
        if services.has_data():
            if not options["if_empty"]:
                raise CommandError(str(services.NotEmptyError()))
            self._say_logins()
            return
        as_of = options["as_of"] or clock.today()
        if options["size"] >= COUNTRY_FROM:
            scale = options["size"] / FULL_SIZE
            counts = load_country(scale, seed=options["seed"], as_of=as_of, say=self._say_step)
        else:
            try:
                loaded = services.load(size=options["size"], seed=options["seed"], as_of=as_of)
            except ValueError as error:
                raise CommandError(str(error)) from None
            counts = loaded.counts
        self._say_counts(counts, as_of, time.monotonic() - started)
        self._say_logins()

    def _say_step(self, step: str) -> None:
        self.stdout.write(f"  {step}…")
        self.stdout.flush()

    def _say_counts(self, counts: dict[str, int], as_of: date, seconds: float) -> None:
        self.stdout.write("Bộ dữ liệu trình diễn: người, chỉ tiêu và quyết định đều là giả định.")
        self.stdout.write(f"Ngày xét {as_of:%d/%m/%Y}, nạp trong {seconds:.1f} giây.\n\n")
        width = max(map(len, counts))
        for name, number in counts.items():
            grouped = f"{number:,}".replace(",", ".")
            self.stdout.write(f"  {name:<{width}}  {grouped:>12}")

    def _say_logins(self) -> None:
        logins = accounts.logins()
        if not logins:
            return
        self.stdout.write("\nTài khoản trình diễn:")
        width = max(len(name) for name, _role, _scope in logins)
        for name, role, scope in logins:
            self.stdout.write(f"  {name:<{width}} {role:<28} {scope}")
        path = accounts.password_file()
        if path.exists():
            self.stdout.write(f"Mật khẩu chung: {accounts.password()}")
        else:
            self.stdout.write(
                f"Không còn tệp {path.name}; đặt lại bằng manage.py changepassword TÊN."
            )
