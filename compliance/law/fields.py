"""Strict reading of one YAML file: safe types, no key twice, no key too many."""

from collections.abc import Hashable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

T = TypeVar("T")


class LawError(ValueError):
    """The law files are not in order. `problems` has one sentence each, with the file's name."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


if TYPE_CHECKING:
    from yaml import SafeLoader as _SafeLoader
else:
    # The parser in C, several times faster, where PyYAML was built with it.
    _SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):
    """A safe loader that refuses a key given twice, where YAML would keep the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", node.start_mark
                )
        return super().construct_mapping(node, deep=deep)


class Fields:
    """One mapping, read key by key. `close` refuses what nobody asked for."""

    def __init__(self, data: object, where: str) -> None:
        self.where = where
        if not isinstance(data, dict):
            raise self.error("expected keys and values here")
        self._data = dict(data)

    def error(self, message: str) -> LawError:
        """Return a LawError that names the place."""
        return LawError(f"{self.where}: {message}")

    def take(self, key: str, kind: type[T]) -> T:
        """Return a required key of exactly this type (True is no number, a time is no date)."""
        value = self.maybe(key, kind)
        if value is None:
            raise self.error(f"{key} is missing")
        return value

    def maybe(self, key: str, kind: type[T]) -> T | None:
        """Return an optional key; absent and null are both None."""
        value = self.pop(key)
        if value is None or type(value) is kind:
            return value
        raise self.error(f"{key} should be a {kind.__name__}, not {value!r}")

    def pop(self, key: str) -> object:
        """Return a key as it stands, whatever it is."""
        return self._data.pop(key, None)

    def text(self, key: str) -> str:
        """Return an optional text, empty when absent."""
        return self.maybe(key, str) or ""

    def one_of(self, key: str, allowed: Sequence[T]) -> T:
        """Return a required key that is one of a list."""
        value = self.pop(key)
        for word in allowed:
            if value == word:
                return word
        words = ", ".join(map(str, allowed))
        raise self.error(f"{key} {value!r} is unknown; it should be one of {words}")

    def date_or_unknown(self, key: str) -> tuple[date | None, bool]:
        """Return a date and whether it is unknown, written "?"; an open one is (None, False)."""
        if self._data.get(key) == "?":
            del self._data[key]
            return None, True
        return self.maybe(key, date), False

    def children(self, key: str) -> list["Fields"]:
        """Return a list of mappings, empty when absent; places are counted from 1."""
        items: list[object] = self.maybe(key, list) or []
        return [Fields(item, f"{self.where}, {key} {n}") for n, item in enumerate(items, 1)]

    def child(self, key: str) -> "Fields":
        """Return a mapping under a key, empty when absent."""
        return Fields(self.maybe(key, dict) or {}, f"{self.where}, {key}")

    def mapping(self, key: str) -> dict[Any, Any]:
        """Return a mapping whose keys are data, empty when absent."""
        return dict(self.maybe(key, dict) or {})

    def close(self) -> None:
        """Refuse what was not read."""
        if self._data:
            raise self.error(f"unknown key {', '.join(map(repr, self._data))}")


def read_yaml(path: Path, where: str) -> Fields:
    """Return the mapping that a file holds. Raises LawError when it cannot be read."""
    try:
        # _StrictLoader is a SafeLoader: it builds plain data only.
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LawError(f"{where}: cannot be read: {error}") from error
    return Fields(data, where)
