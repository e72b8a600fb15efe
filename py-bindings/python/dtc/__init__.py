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
sys.modules[f"{__name__}._dtc.copy"] = _dtc.copy
sys.modules[f"{__name__}._dtc.crypt"] = _dtc.crypt
sys.modules[f"{__name__}._dtc.halopsa"] = _dtc.halopsa
sys.modules[f"{__name__}._dtc.halopsa.aio"] = _dtc.halopsa.aio
sys.modules[f"{__name__}._dtc.itglue"] = _dtc.itglue
sys.modules[f"{__name__}._dtc.itglue.aio"] = _dtc.itglue.aio
sys.modules[f"{__name__}._dtc.locks"] = _dtc.locks
sys.modules[f"{__name__}._dtc.locks.aio"] = _dtc.locks.aio
sys.modules[f"{__name__}._dtc.naming"] = _dtc.naming
sys.modules[f"{__name__}._dtc.ninjaone"] = _dtc.ninjaone
sys.modules[f"{__name__}._dtc.ninjaone.aio"] = _dtc.ninjaone.aio
sys.modules[f"{__name__}._dtc.provision"] = _dtc.provision
sys.modules[f"{__name__}._dtc.provision.aio"] = _dtc.provision.aio
sys.modules[f"{__name__}._dtc.replication"] = _dtc.replication
sys.modules[f"{__name__}._dtc.replication.aio"] = _dtc.replication.aio
sys.modules[f"{__name__}._dtc.restore"] = _dtc.restore
sys.modules[f"{__name__}._dtc.restore.aio"] = _dtc.restore.aio
sys.modules[f"{__name__}._dtc.simulator"] = _dtc.simulator
sys.modules[f"{__name__}._dtc.truenas"] = _dtc.truenas
sys.modules[f"{__name__}._dtc.truenas.aio"] = _dtc.truenas.aio

TYPE_CHECKING = False  # as type checkers know it; `typing` itself would be most of what an import costs
if TYPE_CHECKING:
    from . import crypt, exceptions, exit_codes, naming
    from .exit_codes import ExitCode
else:

    def __getattr__(name):
        """Imports a part when it is first used."""
        from importlib import import_module

        if name == "ExitCode":
            return import_module(".exit_codes", __name__).ExitCode
        if name in __all__:
            return import_module(f".{name}", __name__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["ExitCode", "crypt", "exceptions", "exit_codes", "naming"]
__version__: str = _dtc.VERSION
