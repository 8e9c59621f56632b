"""Terms, plans, pools, nominations and ballots."""

from planning.models.plans import Ballot, Nomination, Plan, Pool, Term

__all__ = ["Ballot", "Nomination", "Plan", "Pool", "Term"]
