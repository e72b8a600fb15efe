"""Makes a location's bucket, locked, and a key that reaches nothing else; the key's secret goes to a file of the caller's choice, once.

Inputs: B2_KEY_ID, B2_APPLICATION_KEY, LOCATION_UUID, SECRET_FILE; RETENTION_DAYS (30), B2_REALM (Backblaze's), and CUSTOM_FIELD_RESULT for a field of
NinjaOne that takes the result. Run again, it changes nothing that is as it should be.
"""

from __future__ import annotations

import os
import pathlib
import sys
from collections.abc import Mapping

from dtc import b2, rmm
from dtc.naming import BucketName, LocationUuid

CAPABILITIES = [b2.Capability.LIST_BUCKETS, b2.Capability.LIST_FILES, b2.Capability.READ_FILES, b2.Capability.WRITE_FILES]


def connect(inputs: rmm.Inputs, *, read_only: bool = False) -> b2.Client:
    return b2.Client(
        key_id=inputs.text("B2_KEY_ID"),
        application_key=inputs.secret("B2_APPLICATION_KEY"),
        realm=inputs.text("B2_REALM", None),
        read_only=read_only,
    )


def put_away(path: pathlib.Path, key: b2.NewKey) -> None:
    """Writes the secret to a new file that its owner alone can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{key.key.id}\n{key.secret.expose()}\n")


def work(inputs: rmm.Inputs, report: rmm.Report) -> None:
    name = str(BucketName.compute(LocationUuid(inputs.text("LOCATION_UUID")).accept()))
    days = inputs.integer("RETENTION_DAYS", 30, least=1, most=3000)
    secret_file = pathlib.Path(inputs.text("SECRET_FILE"))
    field = inputs.field("RESULT")
    with connect(inputs) as client:
        bucket = client.buckets.get(name)
        if bucket is None:
            bucket = client.buckets.create(name, object_lock=True)
            report.ok(name, "created with object lock")
        else:
            report.skip(name, "exists")
        wanted = b2.FileLock(enabled=True, default_retention=b2.DefaultRetention.compliance(days))
        if isinstance(bucket.file_lock, b2.Unreadable):
            report.fail(name, "the key may not read the bucket's lock")
        elif not bucket.file_lock.enabled:
            report.fail(name, "has no object lock; somebody must decide what to do with it")
        elif bucket.file_lock == wanted:
            report.skip(name, f"keeps new files for {days} days")
        else:
            client.buckets.update(bucket, b2.UpdateBucket(default_retention=wanted.default_retention))
            report.ok(name, f"keeps new files for {days} days")
        key_name = f"{name}-appliance"
        if any(key.name == key_name and key.is_restricted_to(bucket.id) for key in client.keys.list()):
            report.skip(key_name, "exists")
        elif secret_file.exists():
            report.fail(key_name, f"{secret_file} is there already, and is not overwritten")
        else:
            put_away(secret_file, client.keys.create(key_name, CAPABILITIES, buckets=[bucket]))
            report.ok(key_name, f"created; its secret is in {secret_file}")
    if field is not None:
        rmm.write_field(field, f"{name}: {report.exit_code.name}")


def main(environ: Mapping[str, str] | None = None) -> int:
    return rmm.run("bucket-and-key", work, environ=environ)


if __name__ == "__main__":
    sys.exit(main())
