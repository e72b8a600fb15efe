from . import b2 as b2, crypt as crypt, naming as naming, simulator as simulator
from typing import Final

__all__ = ["VERSION", "b2", "crypt", "naming", "simulator"]

VERSION: Final[str]
"""
The package's version.
"""
