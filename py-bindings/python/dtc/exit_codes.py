"""The exit codes of the ``dtc`` program.

>>> ExitCode(4).name
'PRECONDITION'
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ExitCode"]


class ExitCode(IntEnum):
    """How the ``dtc`` program ends.

    A run that could not start, or an apply that cannot go on, ends with 3, 4, 5 or 1; any other with the worst of 6, 5, 2, 7, in that order.
    """

    DONE = 0
    """as it should be: done, or nothing to do"""
    ERROR = 1
    """error"""
    DIFFERS = 2
    """differs from the standard: changes are pending, or an item fails"""
    USAGE = 3
    """the arguments or a file are not understood; nothing was sent"""
    PRECONDITION = 4
    """something outside must be put right first: a service is unreachable, a key is refused, a role is missing"""
    DECISION = 5
    """somebody must decide first: a consent, a stale plan, another certificate"""
    DATA_AT_RISK = 6
    """data is at risk: what was backed up does not open, or could be lost"""
    INCOMPLETE = 7
    """part of it could not be done or checked, as where its time was over"""
    INTERRUPTED = 130
    """interrupted"""
