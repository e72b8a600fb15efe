"""
Names and identities of DTC backups that can only exist when valid.
"""

from typing import final

__all__ = ["BucketName", "DeviceGuid", "FolderPath", "LegacyBucketName", "LocationName", "LocationUuid", "ObjectPrefix", "OrgUuid", "PoolName", "TaskDescription", "VaultLabel"]

@final
class BucketName:
    """
    The name of a location's bucket: ``{workload}-{location}``.

    >>> BucketName("truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9").location
    LocationUuid('a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9')
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> BucketName: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def compute(location: LocationUuid, *, workload: str = "truenas") -> BucketName:
        """
        Computes the name of the location's bucket.

        >>> location = LocationUuid("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9")
        >>> BucketName.compute(location)
        BucketName('truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9')
        """
    @property
    def location(self, /) -> LocationUuid:
        """
        The location after which the bucket is named.
        """
    @staticmethod
    def parse(text: str) -> BucketName | LegacyBucketName:
        """
        Reads a bucket's name of today's form or of the older one, as an audit does.

        >>> BucketName.parse("truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4")
        LegacyBucketName('truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4')
        """
    @property
    def workload(self, /) -> str:
        """
        What is backed up into the bucket: ``"truenas"``.
        """

@final
class DeviceGuid:
    """
    The GUID of an appliance, after which its folders are named.

    >>> DeviceGuid("3F2504E04F8941D39A0C0305E82C3301")
    DeviceGuid('3f2504e0-4f89-41d3-9a0c-0305e82c3301')
    """
    def __bytes__(self, /) -> bytes: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> DeviceGuid: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def accept(self, /, *, versions: "list[int] | tuple[int, ...] | None" = None) -> DeviceGuid:
        """
        Returns the UUID if provisioning accepts its version, and raises ``ValidationError`` if not.

        Versions 4 and 7 are accepted unless others are named.
        """
    @staticmethod
    def from_random_bytes(random: bytes) -> DeviceGuid:
        """
        Mints a version 4 GUID from 16 random bytes, as ``os.urandom(16)`` gives.

        >>> str(DeviceGuid.from_random_bytes(b"\\xff" * 16))
        'ffffffff-ffff-4fff-bfff-ffffffffffff'
        """
    @property
    def version(self, /) -> int:
        """
        The UUID version, from 1 to 8.
        """

@final
class FolderPath:
    """
    The folder of a pool as a Cloud Sync task names it: ``/{device guid}/{pool}``.

    >>> folder = FolderPath("/3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0")
    >>> folder.pool, str(folder.object_prefix())
    (PoolName('pool0'), '3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0')
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> FolderPath: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def compute(device: DeviceGuid, pool: PoolName) -> FolderPath:
        """
        Computes the folder of this pool of this device.
        """
    @property
    def device(self, /) -> DeviceGuid:
        """
        The device whose folder it is.
        """
    def object_prefix(self, /) -> ObjectPrefix:
        """
        The same place as B2 sees it: object names have no leading slash.
        """
    @property
    def pool(self, /) -> PoolName:
        """
        The pool whose folder it is.
        """

@final
class LegacyBucketName:
    """
    A bucket name of the older scheme, which is recognised and never created.

    >>> name = LegacyBucketName("truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4")
    >>> name.location_digits
    'a1b2c3d4'
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> LegacyBucketName: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def location_digits(self, /) -> str:
        """
        The first eight digits of the location's UUID, all that the name kept of it.
        """
    def may_belong_to(self, /, location: LocationUuid) -> bool:
        """
        Whether the bucket may be this location's: the digits that the name kept are equal.
        """
    @property
    def organisation(self, /) -> OrgUuid:
        """
        The organisation that the bucket was made for.
        """
    @property
    def workload(self, /) -> str:
        """
        What is backed up into the bucket: ``"truenas"``.
        """

@final
class LocationName:
    """
    The name of a location, as it stands in labels; white space around it is dropped.

    >>> str(LocationName(" Main Office "))
    'Main Office'
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> LocationName: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...

@final
class LocationUuid:
    """
    The UUID of a client's location, after which its bucket is named: any RFC 9562 UUID but nil and max.

    >>> location = LocationUuid("{A1B2C3D4-E5F6-7071-8293-A4B5C6D7E8F9}")
    >>> str(location), location.version
    ('a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9', 7)
    """
    def __bytes__(self, /) -> bytes: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> LocationUuid: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def accept(self, /, *, versions: "list[int] | tuple[int, ...] | None" = None) -> LocationUuid:
        """
        Returns the UUID if provisioning accepts its version, and raises ``ValidationError`` if not.

        Versions 4 and 7 are accepted unless others are named.
        """
    @property
    def version(self, /) -> int:
        """
        The UUID version, from 1 to 8.
        """

@final
class ObjectPrefix:
    """
    What the name of every object of a pool begins with: ``{device guid}/{pool}``.

    >>> prefix = ObjectPrefix("3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0")
    >>> prefix.listing()
    '3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0/'
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> ObjectPrefix: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def device(self, /) -> DeviceGuid:
        """
        The device whose objects they are.
        """
    def folder_path(self, /) -> FolderPath:
        """
        The same place as a Cloud Sync task names it.
        """
    def listing(self, /) -> str:
        """
        The prefix to list objects by, with a slash at its end, so that ``pool0`` does not list ``pool01``.
        """
    @property
    def pool(self, /) -> PoolName:
        """
        The pool whose objects they are.
        """
    def relative(self, /, object_name: str) -> str | None:
        """
        The object's path inside the pool, or None if the object is not the pool's.
        """

@final
class OrgUuid:
    """
    The client organisation's UUID: any RFC 9562 UUID but nil and max, in any usual spelling.

    >>> OrgUuid("urn:uuid:0190163D-8694-739B-AEA5-966C26F8AD91")
    OrgUuid('0190163d-8694-739b-aea5-966c26f8ad91')
    """
    def __bytes__(self, /) -> bytes: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> OrgUuid: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def accept(self, /, *, versions: "list[int] | tuple[int, ...] | None" = None) -> OrgUuid:
        """
        Returns the UUID if provisioning accepts its version, and raises ``ValidationError`` if not.

        Versions 4 and 7 are accepted unless others are named.
        """
    @property
    def version(self, /) -> int:
        """
        The UUID version, from 1 to 8.
        """

@final
class PoolName:
    """
    The name of a ZFS pool.

    >>> PoolName("tank")
    PoolName('tank')
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> PoolName: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...

@final
class TaskDescription:
    """
    The description of a pool's Cloud Sync task: ``{Pool} Cloud Backup``.

    It shows the first letter in upper case, so it does not tell ``pool0`` from ``Pool0``, which ZFS does.

    >>> TaskDescription("Pool0 Cloud Backup").candidates()
    [PoolName('pool0'), PoolName('Pool0')]
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> TaskDescription: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def candidates(self, /) -> list[PoolName]:
        """
        The pools that it may describe, one or two.
        """
    @staticmethod
    def compute(pool: PoolName) -> TaskDescription:
        """
        Computes the description of this pool's task.

        >>> str(TaskDescription.compute(PoolName("pool0")))
        'Pool0 Cloud Backup'
        """
    def describes(self, /, pool: PoolName) -> bool:
        """
        Whether this is the description of that pool's task.
        """

@final
class VaultLabel:
    """
    The label of a record in the password vault. It is for people: a record's identity stands in its notes.

    >>> str(VaultLabel.encryption_salt(LocationName("Main Office")))
    'TrueNAS Cloud Backup — Main Office · Encryption Salt'
    >>> VaultLabel("TrueNAS — NMS Credentials").kind
    'nms_credentials'
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, text: str) -> VaultLabel: ...
    def __reduce__(self, /) -> tuple[type, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @staticmethod
    def application_key(location: LocationName) -> VaultLabel:
        """
        The record of the key id and the application key.
        """
    @staticmethod
    def encryption_password(location: LocationName) -> VaultLabel:
        """
        The record of the encryption password.
        """
    @staticmethod
    def encryption_salt(location: LocationName) -> VaultLabel:
        """
        The record of the encryption salt.
        """
    @property
    def kind(self, /) -> str:
        """
        What the record holds, named like the method that makes its label.
        """
    @property
    def location(self, /) -> LocationName | None:
        """
        The location whose backup the record belongs to; None for monitoring.
        """
    @staticmethod
    def nms_credentials() -> VaultLabel:
        """
        The record of the SNMP user name and authentication password.
        """
    @staticmethod
    def nms_privacy_passphrase() -> VaultLabel:
        """
        The record of the SNMP privacy passphrase.
        """
