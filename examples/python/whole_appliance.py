"""Brings one appliance to a proven backup, with its paperwork: plans, asks nobody, applies what was consented to, verifies, and writes down what was done.

Inputs: SITE_FILE; CONSENT_TO (nothing) the subject that a person consents to, such as the bucket's name, as the plan asks for it; PAPERS, a folder for
``plan.txt``, ``plan.json``, ``journal.ndjson``, ``consents.json`` and ``report.html``; WAIT_FOR_DEVICE (0) seconds for a person to add the appliance
to NinjaOne. The ticket that the site file names gets the note that the backup is operational.
"""

from __future__ import annotations

import json
import pathlib
import sys
from collections.abc import Mapping

from dtc import provision, rmm
from dtc.exceptions import Refused


def consents_to(plan: provision.Plan, typed: str | None, report: rmm.Report) -> list[provision.RecordedConsent]:
    """Each question of the plan, answered by what was typed; those that it does not answer are shown."""
    given: list[provision.RecordedConsent] = []
    for question in plan.questions():
        try:
            given.append(question.answer(typed or ""))
        except Refused:
            report.warn(question.subject, f"{question.consequence} To consent: CONSENT_TO={question.subject}")
    return given


def work(inputs: rmm.Inputs, report: rmm.Report) -> None:
    file = provision.SiteFile.read(pathlib.Path(inputs.text("SITE_FILE")))
    papers = pathlib.Path(inputs.text("PAPERS"))
    papers.mkdir(parents=True, exist_ok=True)
    wait = inputs.integer("WAIT_FOR_DEVICE", 0)
    with provision.connect(file, wait_for_device=wait or None) as services:
        plan = services.plan(file.site)
        (papers / "plan.txt").write_text(f"{plan}\n", encoding="utf-8")
        (papers / "plan.json").write_text(plan.to_json(), encoding="utf-8")
        for finding in plan.undecided:
            report.warn(finding.rule, finding.what)
        if plan.is_empty:
            report.skip(plan.bucket_name, "nothing to do")
            verified = services.verify(file.site)
        else:
            consents = consents_to(plan, inputs.text("CONSENT_TO", None), report)
            (papers / "consents.json").write_text(json.dumps([consent.to_dict() for consent in consents], indent=2), encoding="utf-8")
            with (papers / "journal.ndjson").open("a", encoding="utf-8") as journal:
                done = services.apply(plan, consents=consents, on_event=lambda event: print(json.dumps(event.to_dict()), file=journal, flush=True))
            for run in done.first_runs:
                report.ok(run.pool, run.summary)
            verified = done.report or services.verify(file.site)
    rows = [(item.number, item.title, item.verdict, item.evidence) for item in verified.items]
    (papers / "report.html").write_text(rmm.html_table(("No", "Item", "Verdict", "Evidence"), rows, limit=1_000_000), encoding="utf-8")
    if verified.passed:
        report.ok(plan.bucket_name, verified.summary)
    else:
        report.fail(plan.bucket_name, f"{verified.outcome}: {verified.summary}")


def main(environ: Mapping[str, str] | None = None) -> int:
    return rmm.run("whole-appliance", work, environ=environ)


if __name__ == "__main__":
    sys.exit(main())
