"""What one can do with a draft, as data: what pages read from an address and services write."""

from __future__ import annotations

from dataclasses import dataclass

#: A person in a pool: (pool id, cadre id).
Key = tuple[int, int]


@dataclass(frozen=True)
class Add:
    """Nominate somebody into a pool; `carried_from_id`: the pool of an earlier plan."""

    pool_id: int
    cadre_id: int
    carried_from_id: int | None = None

    @property
    def key(self) -> Key:
        """Who, where."""
        return self.pool_id, self.cadre_id


@dataclass(frozen=True)
class Remove:
    """End a nomination; `reason` is one of `RemovalReason`, `note` says more."""

    pool_id: int
    cadre_id: int
    nomination_id: int
    reason: str = ""
    note: str = ""

    @property
    def key(self) -> Key:
        """Who, where."""
        return self.pool_id, self.cadre_id


@dataclass(frozen=True)
class Keep:
    """Say that a nomination goes on."""

    pool_id: int
    cadre_id: int
    nomination_id: int

    @property
    def key(self) -> Key:
        """Who, where."""
        return self.pool_id, self.cadre_id


@dataclass(frozen=True)
class Withdraw:
    """Take back what the draft says of somebody in a pool."""

    pool_id: int
    cadre_id: int

    @property
    def key(self) -> Key:
        """Who, where."""
        return self.pool_id, self.cadre_id


@dataclass(frozen=True)
class Reorder:
    """Set a pool's people in an order; who is not named follows as before."""

    pool_id: int
    cadre_ids: tuple[int, ...]


Change = Add | Remove | Keep | Withdraw | Reorder
