"""What every part of the REST API shares: reading only, paging, the day, errors with a way out.

A parameter that nobody knows is refused: a misspelt filter would otherwise answer with everybody.
The settings name classes of `accounts` and `paging`, which the framework loads before its own
views; so those two import no views, and nothing is imported here.
"""
