"""Pages of a province of 50,000 cadres under four clients, served by two gunicorn workers.

Bar (DESIGN section 5): the 95th percentile of every page under 150 ms. Run as a program of its own:
it works in another database, which it removes.
"""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

CLIENTS, WORKERS = 4, 2
ROUNDS = 60
LIMIT = 150
#: 50,000 of two million cadres.
SCALE = 0.025


def main() -> None:
    """Make the province, serve it, ask for every page, print the table."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ["BENCH_DATABASE"] = "portal_bench_pages"
    import django

    django.setup()
    from benchmarks.country import country, size
    from benchmarks.measure import show
    from benchmarks.single import ensure_state

    with country(SCALE, keep=False):
        print(size(), flush=True)
        ensure_state()
        pages, cookie = _pages(), _session()
        with _server() as port:
            found = _ask(port, pages, cookie)
        show([_line(name, found[name]) for name in pages])


def _pages() -> dict[str, list[str]]:
    """Page -> addresses of it; some hundred different people, units and plans."""
    from cadres.models import Cadre, Unit
    from planning.models import Plan

    chance = random.Random(5)

    def some(codes: list[object]) -> list[object]:
        return chance.sample(codes, min(len(codes), 200))

    cadres = some(list(Cadre.objects.values_list("code", flat=True)))
    units = some(list(Unit.objects.values_list("code", flat=True)))
    plans = some(list(Plan.objects.values_list("pk", flat=True)))
    words = ("nguyen", "van", "hoang thi", "nong", "lan", "minh", "be")
    return {
        "overview": ["/"],
        "plans": ["/quy-hoach/", "/quy-hoach/?page=3"],
        "a plan": [f"/quy-hoach/{pk}/" for pk in plans],
        "people": ["/ho-so/", "/ho-so/?page=2", "/ho-so/?page=900"],
        "people, searched": [f"/ho-so/?q={word.replace(' ', '+')}" for word in words],
        "people of a unit": [f"/ho-so/?don_vi={code}" for code in units],
        "a file": [f"/ho-so/{code}/" for code in cadres],
        "search suggestions": [f"/tim/?q={word.replace(' ', '+')}" for word in words],
        "units": ["/to-chuc/"],
        "a unit": [f"/to-chuc/{code}/" for code in units],
        "findings": ["/ket-qua/", "/ket-qua/?page=2"],
        "law": ["/can-cu/"],
    }


def _session() -> str:
    """The cookie of an administrator who is signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from cadres.models import User

    user = User.objects.create_superuser("bench")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@contextmanager
def _server() -> Iterator[int]:
    """Within the block gunicorn serves the portal on the port given."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "cadre_portal.wsgi", "--workers", str(WORKERS),
         "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    )  # fmt: skip
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server did not start.")


def _ask(port: int, pages: dict[str, list[str]], cookie: str) -> dict[str, list[float]]:
    """Seconds of each request, by page; every client asks for all pages in an order of its own.

    From before the connection is opened until the whole answer is there.
    """

    def client(seed: int) -> list[tuple[str, float]]:
        chance = random.Random(seed)
        found = []
        for number in range(ROUNDS):
            for name in chance.sample(list(pages), len(pages)):
                address = chance.choice(pages[name])
                start = time.perf_counter()
                answer = _get(port, address, cookie)
                taken = time.perf_counter() - start
                if not answer.startswith(b"HTTP/1.1 200 "):
                    raise RuntimeError(f"{address} answered {answer[:80]!r}")
                if number:  # the first round warms the workers
                    found.append((name, taken))
        return found

    seconds: dict[str, list[float]] = {name: [] for name in pages}
    with ThreadPoolExecutor(CLIENTS) as pool:
        for found in pool.map(client, range(CLIENTS)):
            for name, taken in found:
                seconds[name].append(taken)
    return seconds


def _get(port: int, address: str, cookie: str) -> bytes:
    """A whole answer. On a bare socket, so that the clients leave the processors to the server."""
    request = (
        f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
        "Connection: close\r\n\r\n"
    )
    parts = []
    with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        link.sendall(request.encode())
        while part := link.recv(1 << 18):
            parts.append(part)
    return b"".join(parts)


def _line(name: str, seconds: list[float]) -> object:
    from benchmarks.measure import Line, percentile

    median, high = (1000 * percentile(seconds, percent) for percent in (50, 95))
    return Line(name, f"{len(seconds)} times", f"{median:.0f} ms, p95 {high:.0f} ms",
                f"p95 < {LIMIT} ms", high < LIMIT)  # fmt: skip


if __name__ == "__main__":
    main()
