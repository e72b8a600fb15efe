"""Audits every bucket of an account with a client that only reads, and writes the table into a custom field that holds HTML.

Inputs: B2_KEY_ID, B2_APPLICATION_KEY, CUSTOM_FIELD_AUDIT (the name of the field; without it the table is only printed), B2_REALM (Backblaze's).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from dtc import b2, rmm


def lock_of(bucket: b2.Bucket) -> str:
    lock = bucket.file_lock
    if isinstance(lock, b2.Unreadable):
        return f"unknown ({lock.reason})"
    if not lock.enabled:
        return "off"
    retention = lock.default_retention
    return "on, no retention" if retention is None else f"{retention.mode}, {retention.duration} {retention.unit}"


def work(inputs: rmm.Inputs, report: rmm.Report) -> None:
    field = inputs.field("AUDIT")
    client = b2.Client(
        key_id=inputs.text("B2_KEY_ID"),
        application_key=inputs.secret("B2_APPLICATION_KEY"),
        realm=inputs.text("B2_REALM", None),
        read_only=True,
    )
    rows: list[tuple[str, str, str, int, str]] = []
    with client:
        for bucket in client.buckets.list():
            versions, size = 0, 0
            for version in client.files.list_versions(bucket):
                versions, size = versions + 1, size + version.content_length
            lock = lock_of(bucket)
            rows.append((bucket.name, bucket.visibility, lock, versions, f"{size / 2**30:.1f} GiB"))
            if bucket.visibility == b2.Visibility.PRIVATE and lock.startswith("compliance"):
                report.ok(bucket.name, lock)
            else:
                report.fail(bucket.name, f"{bucket.visibility}, lock {lock}")
    table = rmm.html_table(("Bucket", "Visibility", "Object lock", "Versions", "Size"), rows)
    if field is None:
        print(table)
    else:
        rmm.write_field(field, table, limit=rmm.HTML_LIMIT)


def main(environ: Mapping[str, str] | None = None) -> int:
    return rmm.run("bucket-audit", work, environ=environ)


if __name__ == "__main__":
    sys.exit(main())
