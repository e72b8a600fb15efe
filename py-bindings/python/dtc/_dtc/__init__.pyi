from . import b2 as b2, copy as copy, crypt as crypt, halopsa as halopsa, itglue as itglue, locks as locks, naming as naming, ninjaone as ninjaone, provision as provision, replication as replication, restore as restore, simulator as simulator, truenas as truenas
from typing import Final

__all__ = ["VERSION", "b2", "copy", "crypt", "halopsa", "itglue", "locks", "naming", "ninjaone", "provision", "replication", "restore", "simulator", "truenas"]

VERSION: Final[str]
"""
The package's version.
"""
