"""Verifies many appliances at once, and provisions those that a person consented to: one failure never stops the rest.

Inputs: SITE_FILES, a folder with a site file (``*.toml``) for each appliance; CONSENTS (nothing), a file with what was consented to, as ``dtc apply
--record-consent`` writes it; AT_ONCE (8) appliances side by side; APPLY (0) to do what the plans say; WAIT_FOR_DEVICE (0) seconds for each.
"""

from __future__ import annotations

import concurrent.futures
import json
import pathlib
import sys
from collections.abc import Mapping

from dtc import provision, rmm
from dtc.exceptions import DtcError


def one(path: pathlib.Path, consents: list[provision.RecordedConsent], apply: bool, wait: int) -> provision.Report | str:
    """The report of one appliance, or what there would be to do."""
    file = provision.SiteFile.read(path)
    with provision.connect(file, read_only=not apply, wait_for_device=wait or None) as services:
        plan = services.plan(file.site)
        if plan.is_empty:
            return services.verify(file.site)
        if not apply:
            return f"{sum(step.kind != 'keep' for step in plan.steps)} steps to do; APPLY=1 does them"
        done = services.apply(plan, consents=consents)
        return done.report or "its first run is left to its schedule"


def work(inputs: rmm.Inputs, report: rmm.Report) -> None:
    paths = sorted(pathlib.Path(inputs.text("SITE_FILES")).glob("*.toml"))
    given = inputs.text("CONSENTS", None)
    recorded: list[dict[str, object]] = json.loads(pathlib.Path(given).read_text(encoding="utf-8")) if given else []
    consents = [provision.RecordedConsent.from_dict(consent) for consent in recorded]
    apply, wait = inputs.boolean("APPLY", False), inputs.integer("WAIT_FOR_DEVICE", 0)
    # Threads do: every call waits with the interpreter released.
    with concurrent.futures.ThreadPoolExecutor(inputs.integer("AT_ONCE", 8, least=1)) as pool:
        verified = {pool.submit(one, path, consents, apply, wait): path.stem for path in paths}
        for future in concurrent.futures.as_completed(verified):
            name = verified[future]
            try:
                found = future.result()
            except (DtcError, OSError) as error:
                report.fail(name, error)
                continue
            if isinstance(found, str):
                report.warn(name, found)
            elif found.passed:
                report.ok(name, found.summary)
            else:
                report.fail(name, f"{found.outcome}: {found.summary}")


def main(environ: Mapping[str, str] | None = None) -> int:
    return rmm.run("many-appliances", work, environ=environ)


if __name__ == "__main__":
    sys.exit(main())
