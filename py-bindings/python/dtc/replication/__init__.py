"""An encrypted dataset of one appliance, replicated to another, with the proof that it opens there.

>>> from dtc.provision import SiteFile
>>> from dtc.simulator import Simulator
>>> sim = Simulator(seed=7, appliances={"offsite": "25.10"})
>>> for number, box in enumerate((sim.appliance(), sim.appliance("offsite")), start=1):
...     box.set_user_property("pool0", "com.dtctoday:device-guid", f"3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e08{number}")
>>> sim.appliance().encrypt_dataset("pool0/docs", key="0123456789abcdef" * 4)
>>> sim.appliance().take_snapshots("pool0/docs", SCHEMA)
>>> file = SiteFile.from_dict(sim.site_tables())  # or SiteFile.read("site.toml")
>>> wanted = Replication(
...     "offsite copy", from_="main", to="offsite", direction="pull", sources=["pool0/docs"], destination="pool1/site/docs",
...     host=sim.appliance().address,
... )
>>> with connect(file, wanted) as ends:  # or connect(file), of the site file's [[replication]]
...     plan = ends.plan()  # print it, compare it
...     consents = [question.answer(question.subject) for question in plan.questions()]  # a person types the subject
...     report = ends.apply(plan, consents=consents, on_event=lambda event: None)
...     opens, again = report.item("opens"), ends.plan()
>>> opens is not None and opens.verdict, again.is_empty
('pass', True)
>>> sim.stop()

Nothing is decided here: what is to be done, in which order and with whose consent is the same as for the command ``dtc replication``. It destroys
nothing, and what stands in the way is named. Calls wait with the interpreter released, end at Ctrl-C, and take ``timeout=`` in seconds;
:mod:`dtc.replication.aio` has the same ones for asyncio. Whatever ends an apply, at whatever moment: what is done stays done, and a new plan does
the rest.

Passphrases are given as references (``"env:NAME"``, ``"file:PATH"``, ``"op://vault/item/field"``) or as :class:`dtc.crypt.Secret`; none is shown,
pickled, or found in an exception.
"""

from .._dtc.replication import (
    IN_DATABASE,
    SCHEMA,
    Eligible,
    Ends,
    Item,
    Observed,
    Plan,
    Replication,
    Report,
    UnlockReport,
    connect,
)
from . import aio

__all__ = [
    "IN_DATABASE",
    "SCHEMA",
    "Eligible",
    "Ends",
    "Item",
    "Observed",
    "Plan",
    "Replication",
    "Report",
    "UnlockReport",
    "aio",
    "connect",
]
