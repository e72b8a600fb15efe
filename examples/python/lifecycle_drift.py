"""Looks through the lifecycle rules of every bucket whose name is a location's, and puts right those that drifted.

Inputs: B2_KEY_ID, B2_APPLICATION_KEY; KEEP_DAYS (30) after which hidden versions are deleted, APPLY (0) to change what differs, B2_REALM (Backblaze's).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from dtc import b2, rmm
from dtc.exceptions import DtcError, ValidationError
from dtc.naming import BucketName


def is_ours(name: str) -> bool:
    try:
        BucketName(name)
    except ValidationError:
        return False
    return True


def work(inputs: rmm.Inputs, report: rmm.Report) -> None:
    apply = inputs.boolean("APPLY", False)
    wanted = [
        b2.LifecycleRule(
            days_from_hiding_to_deleting=inputs.integer("KEEP_DAYS", 30, least=1),
            days_from_starting_to_canceling_unfinished_large_files=7,
        )
    ]
    client = b2.Client(
        key_id=inputs.text("B2_KEY_ID"),
        application_key=inputs.secret("B2_APPLICATION_KEY"),
        realm=inputs.text("B2_REALM", None),
        read_only=not apply,
    )

    def change(bucket: b2.Bucket) -> b2.UpdateBucket | None:
        """Asked again where somebody has changed the bucket meanwhile."""
        return None if bucket.lifecycle_rules == wanted else b2.UpdateBucket(lifecycle_rules=wanted)

    with client:
        for bucket in client.buckets.list():
            if not is_ours(bucket.name):
                report.skip(bucket.name, "is no bucket of an appliance")
            elif "lifecycleRules" in bucket.unread:
                report.fail(bucket.name, "has rules of a form that is not known")
            elif bucket.lifecycle_rules == wanted:
                report.skip(bucket.name, "as it should be")
            elif not apply:
                report.fail(bucket.name, f"has {len(bucket.lifecycle_rules)} rules that differ; APPLY=1 puts them right")
            else:
                try:
                    client.buckets.modify(bucket, change)
                    report.ok(bucket.name, "put right")
                except DtcError as error:
                    report.fail(bucket.name, error)


def main(environ: Mapping[str, str] | None = None) -> int:
    return rmm.run("lifecycle-drift", work, environ=environ)


if __name__ == "__main__":
    sys.exit(main())
