"""TrueNAS pools into Backblaze B2: encrypted, immutable, provably recoverable.

>>> from dtc.naming import BucketName, LocationUuid
>>> str(BucketName.compute(LocationUuid("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9")))
'truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9'
"""

import sys

from . import _dtc

# The native module is one shared object, not a folder: its parts are importable only once they are registered.
sys.modules[f"{__name__}._dtc.b2"] = _dtc.b2
sys.modules[f"{__name__}._dtc.b2.aio"] = _dtc.b2.aio
sys.modules[f"{__name__}._dtc.crypt"] = _dtc.crypt
sys.modules[f"{__name__}._dtc.naming"] = _dtc.naming
sys.modules[f"{__name__}._dtc.simulator"] = _dtc.simulator

from . import crypt, exceptions, exit_codes, naming  # noqa: E402
from .exit_codes import ExitCode  # noqa: E402

__all__ = ["ExitCode", "crypt", "exceptions", "exit_codes", "naming"]
__version__: str = _dtc.VERSION
