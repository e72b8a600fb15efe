"""Names and identities of DTC backups that can only exist when valid.

A bucket is named after the client's location, the folders in it after the appliance and its pools, tasks and vault
records after fixed patterns. Every name is a value: comparable, hashable, picklable, and its ``str`` is the name.
Every name can be read back; text that is no such name raises :class:`dtc.exceptions.ValidationError`.

>>> location = LocationUuid("{A1B2C3D4-E5F6-7071-8293-A4B5C6D7E8F9}")
>>> bucket = BucketName.compute(location.accept())
>>> str(bucket)
'truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9'
>>> BucketName(str(bucket)).location == location
True
"""

from ._dtc.naming import (
    BucketName,
    CopyLabel,
    DatasetKeyLabel,
    DatasetName,
    DeviceGuid,
    FolderPath,
    JobName,
    LegacyBucketName,
    LocationName,
    LocationUuid,
    ObjectPrefix,
    OrgUuid,
    PoolName,
    TaskDescription,
    VaultLabel,
    bucket_name,
)

__all__ = [
    "BucketName",
    "CopyLabel",
    "DatasetKeyLabel",
    "DatasetName",
    "DeviceGuid",
    "FolderPath",
    "JobName",
    "LegacyBucketName",
    "LocationName",
    "LocationUuid",
    "ObjectPrefix",
    "OrgUuid",
    "PoolName",
    "TaskDescription",
    "VaultLabel",
    "bucket_name",
]
