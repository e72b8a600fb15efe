"""Encrypted copies without an appliance: a folder is encrypted into a catalogue, and the catalogue is carried to a server by rsync.

>>> import os, pathlib, tempfile
>>> folder = pathlib.Path(tempfile.mkdtemp())
>>> (folder / "documents").mkdir()
>>> _ = (folder / "documents" / "letter.txt").write_text("dear client")
>>> os.environ["COPY_PASSWORD"] = "correct horse"
>>> job = JobFile.parse('''
... name = "Documents"
... source = "documents"
... catalogue = "catalogue"
... engine = "own"
... [crypt]
... password = "env:COPY_PASSWORD"
... salt = "none"
... ''', folder / "documents.toml")  # or JobFile.read("documents.toml")
>>> job.plan().changed
[PosixPath('letter.txt')]
>>> job.run().encryption.written
1
>>> job.check().passed
True
>>> job.restore(folder / "restored").restored.written
1

Nothing is decided here: what is done, in which order, is the same as for the command ``dtc copy``. Calls wait with the interpreter released, end
at Ctrl-C, with the programs that they have started, and the same call goes on afterwards.
"""

from .._dtc.copy import (
    Check,
    Encryption,
    Escrow,
    Foreseen,
    JobFile,
    Plan,
    Restore,
    Run,
    StepFailure,
    Transfer,
)

__all__ = [
    "Check",
    "Encryption",
    "Escrow",
    "Foreseen",
    "JobFile",
    "Plan",
    "Restore",
    "Run",
    "StepFailure",
    "Transfer",
]
