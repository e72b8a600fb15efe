//! `dtc.naming`: the value classes of `dtc_naming`.

use std::borrow::Cow;
use std::str::FromStr;

use dtc_naming::{ParsedBucketName, UuidVersions, Workload};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use crate::errors;

/// Names and identities of DTC backups that can only exist when valid.
#[pymodule(name = "naming", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::{
        BucketName, CopyLabel, DatasetKeyLabel, DatasetName, DeviceGuid, FolderPath, JobName,
        LegacyBucketName, LocationName, LocationUuid, ObjectPrefix, OrgUuid, PoolName, TaskDescription,
        VaultLabel, bucket_name,
    };
}

/// A UUID as scripts have it: its text in any usual spelling, or the standard library's value.
#[derive(FromPyObject)]
enum UuidOrText {
    Text(String),
    Uuid(uuid::Uuid),
}

impl UuidOrText {
    fn parse<T: FromStr>(&self) -> Result<T, T::Err> {
        match self {
            Self::Text(text) => text.parse(),
            Self::Uuid(uuid) => uuid.to_string().parse(),
        }
    }
}

/// A class around a type of `dtc_naming` that is its text: made from text, shown as text, pickled as text. It is never
/// equal to a `str`: a bucket's name and a label that read alike are not the same thing.
macro_rules! text_class {
    ($(#[$doc:meta])+ $name:ident { $($methods:tt)* }) => {
        text_class! { @made_from(&str) $(#[$doc])+ $name { $($methods)* } }
    };
    (@made_from($text:ty) $(#[$doc:meta])+ $name:ident { $($methods:tt)* }) => {
        $(#[$doc])+
        #[pyclass(frozen, eq, ord, hash, str = "{0}", module = "dtc.naming")]
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(dtc_naming::$name);

        #[pymethods]
        impl $name {
            #[new]
            fn new(text: $text) -> PyResult<Self> {
                text.parse().map(Self).map_err(|error| errors::validation(&error))
            }

            fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
                let text = PyString::new(slf.py(), &slf.get().0.to_string()).repr()?;
                Ok(format!(concat!(stringify!($name), "({})"), text))
            }

            fn __format__<'py>(&self, py: Python<'py>, spec: &str) -> PyResult<Bound<'py, PyString>> {
                let text = PyString::new(py, &self.0.to_string());
                Ok(text.call_method1("__format__", (spec,))?.cast_into()?)
            }

            fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyType>, (String,)) {
                (slf.get_type(), (slf.get().0.to_string(),))
            }

            $($methods)*
        }
    };
}

/// A text class whose text is a UUID.
macro_rules! uuid_class {
    ($(#[$doc:meta])+ $name:ident { $($methods:tt)* }) => {
        text_class! {
            @made_from(UuidOrText)
            $(#[$doc])+
            $name {
                /// The UUID version, from 1 to 8.
                #[getter]
                fn version(&self) -> u8 {
                    self.0.version()
                }

                fn __bytes__(&self) -> Cow<'_, [u8]> {
                    Cow::Borrowed(self.0.as_bytes())
                }

                /// Returns the UUID if provisioning accepts its version, and raises ``ValidationError`` if not.
                ///
                /// Versions 4 and 7 are accepted unless others are named.
                #[pyo3(signature = (*, versions: "list[int] | tuple[int, ...] | None" = None))]
                fn accept(&self, versions: Option<Vec<u8>>) -> PyResult<Self> {
                    accept(versions, |versions| self.0.accept(versions)).map(|accepted| Self(accepted.into_inner()))
                }

                $($methods)*
            }
        }
    };
}

/// Checks the version of a UUID (I2).
fn accept<T>(
    versions: Option<Vec<u8>>,
    check: impl FnOnce(&UuidVersions) -> Result<T, dtc_naming::Error>,
) -> PyResult<T> {
    versions
        .map_or_else(|| Ok(UuidVersions::default()), UuidVersions::new)
        .and_then(|versions| check(&versions))
        .map_err(|error| errors::validation(&error))
}

uuid_class! {
    /// The client organisation's UUID: any RFC 9562 UUID but nil and max, in any usual spelling.
    ///
    /// >>> OrgUuid("urn:uuid:0190163D-8694-739B-AEA5-966C26F8AD91")
    /// OrgUuid('0190163d-8694-739b-aea5-966c26f8ad91')
    OrgUuid {}
}

uuid_class! {
    /// The UUID of a client's location, after which its bucket is named: any RFC 9562 UUID but nil and max.
    ///
    /// >>> location = LocationUuid("{A1B2C3D4-E5F6-7071-8293-A4B5C6D7E8F9}")
    /// >>> str(location), location.version
    /// ('a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9', 7)
    LocationUuid {}
}

uuid_class! {
    /// The GUID of an appliance, after which its folders are named.
    ///
    /// >>> DeviceGuid("3F2504E04F8941D39A0C0305E82C3301")
    /// DeviceGuid('3f2504e0-4f89-41d3-9a0c-0305e82c3301')
    DeviceGuid {
        /// Mints a version 4 GUID from 16 random bytes, as ``os.urandom(16)`` gives.
        ///
        /// >>> str(DeviceGuid.from_random_bytes(b"\xff" * 16))
        /// 'ffffffff-ffff-4fff-bfff-ffffffffffff'
        #[staticmethod]
        fn from_random_bytes(random: &[u8]) -> PyResult<Self> {
            let random = random.try_into().map_err(|_| PyValueError::new_err("a GUID is made from 16 bytes"))?;
            Ok(Self(dtc_naming::DeviceGuid::from_random_bytes(random)))
        }
    }
}

text_class! {
    /// The name of a location's bucket: ``{workload}-{location}``.
    ///
    /// >>> BucketName("truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9").location
    /// LocationUuid('a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9')
    BucketName {
        /// Computes the name of the location's bucket.
        ///
        /// >>> location = LocationUuid("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9")
        /// >>> BucketName.compute(location)
        /// BucketName('truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9')
        #[staticmethod]
        #[pyo3(signature = (location, *, workload = "truenas"))]
        fn compute(location: &LocationUuid, workload: &str) -> PyResult<Self> {
            let workload: Workload = workload.parse().map_err(|error| errors::validation(&error))?;
            Ok(Self(dtc_naming::BucketName::compute(workload, location.0)))
        }

        /// Reads a bucket's name of today's form or of the older one, as an audit does.
        ///
        /// >>> BucketName.parse("truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4")
        /// LegacyBucketName('truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4')
        #[staticmethod]
        fn parse(text: &str) -> PyResult<AnyBucketName> {
            match dtc_naming::BucketName::parse(text) {
                Ok(ParsedBucketName::Standard(name)) => Ok(AnyBucketName::Standard(BucketName(name))),
                Ok(ParsedBucketName::Legacy(name)) => Ok(AnyBucketName::Legacy(LegacyBucketName(name))),
                Err(error) => Err(errors::validation(&error)),
            }
        }

        /// What is backed up into the bucket: ``"truenas"``.
        #[getter]
        fn workload(&self) -> &'static str {
            self.0.workload().token()
        }

        /// The location after which the bucket is named.
        #[getter]
        fn location(&self) -> LocationUuid {
            LocationUuid(self.0.location())
        }
    }
}

/// The name of the bucket of a location, from text to text: what ``str(BucketName.compute(LocationUuid(text).accept()))`` is.
///
/// >>> bucket_name("{A1B2C3D4-E5F6-7071-8293-A4B5C6D7E8F9}")
/// 'truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9'
#[pyfunction]
fn bucket_name<'py>(py: Python<'py>, location: &str) -> PyResult<Bound<'py, PyString>> {
    let location: dtc_naming::LocationUuid = location.parse().map_err(|error| errors::validation(&error))?;
    let accepted = location.accept(&UuidVersions::default()).map_err(|error| errors::validation(&error))?;
    let name = dtc_naming::BucketName::compute(Workload::TrueNas, accepted);
    Ok(PyString::new(py, name.as_str()))
}

impl BucketName {
    /// The name as text.
    pub(crate) fn text(&self) -> String {
        self.0.to_string()
    }
}

#[derive(IntoPyObject)]
enum AnyBucketName {
    Standard(BucketName),
    Legacy(LegacyBucketName),
}

text_class! {
    /// A bucket name of the older scheme, which is recognised and never created.
    ///
    /// >>> name = LegacyBucketName("truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4")
    /// >>> name.location_digits
    /// 'a1b2c3d4'
    LegacyBucketName {
        /// What is backed up into the bucket: ``"truenas"``.
        #[getter]
        fn workload(&self) -> &'static str {
            self.0.workload().token()
        }

        /// The organisation that the bucket was made for.
        #[getter]
        fn organisation(&self) -> OrgUuid {
            OrgUuid(self.0.organisation())
        }

        /// The first eight digits of the location's UUID, all that the name kept of it.
        #[getter]
        fn location_digits(&self) -> &str {
            self.0.location_digits()
        }

        /// Whether the bucket may be this location's: the digits that the name kept are equal.
        fn may_belong_to(&self, location: &LocationUuid) -> bool {
            self.0.may_belong_to(location.0)
        }
    }
}

text_class! {
    /// The name of a ZFS pool.
    ///
    /// >>> PoolName("tank")
    /// PoolName('tank')
    PoolName {}
}

text_class! {
    /// The folder of a pool as a Cloud Sync task names it: ``/{device guid}/{pool}``.
    ///
    /// >>> folder = FolderPath("/3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0")
    /// >>> folder.pool, str(folder.object_prefix())
    /// (PoolName('pool0'), '3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0')
    FolderPath {
        /// Computes the folder of this pool of this device.
        #[staticmethod]
        fn compute(device: &DeviceGuid, pool: &PoolName) -> Self {
            Self(dtc_naming::FolderPath::compute(device.0, &pool.0))
        }

        /// The device whose folder it is.
        #[getter]
        fn device(&self) -> DeviceGuid {
            DeviceGuid(self.0.device())
        }

        /// The pool whose folder it is.
        #[getter]
        fn pool(&self) -> PoolName {
            PoolName(self.0.pool().clone())
        }

        /// The same place as B2 sees it: object names have no leading slash.
        fn object_prefix(&self) -> ObjectPrefix {
            ObjectPrefix(self.0.object_prefix())
        }
    }
}

text_class! {
    /// What the name of every object of a pool begins with: ``{device guid}/{pool}``.
    ///
    /// >>> prefix = ObjectPrefix("3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0")
    /// >>> prefix.listing()
    /// '3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0/'
    ObjectPrefix {
        /// The prefix to list objects by, with a slash at its end, so that ``pool0`` does not list ``pool01``.
        fn listing(&self) -> String {
            self.0.listing()
        }

        /// The object's path inside the pool, or None if the object is not the pool's.
        fn relative<'a>(&self, object_name: &'a str) -> Option<&'a str> {
            self.0.relative(object_name)
        }

        /// The same place as a Cloud Sync task names it.
        fn folder_path(&self) -> FolderPath {
            FolderPath(self.0.folder_path().clone())
        }

        /// The device whose objects they are.
        #[getter]
        fn device(&self) -> DeviceGuid {
            DeviceGuid(self.0.device())
        }

        /// The pool whose objects they are.
        #[getter]
        fn pool(&self) -> PoolName {
            PoolName(self.0.pool().clone())
        }
    }
}

text_class! {
    /// The name of a ZFS dataset: a pool, and the path below it.
    ///
    /// >>> name = DatasetName("tank/data/offices")
    /// >>> name.pool, name.parent(), name.is_below(DatasetName("tank/data"))
    /// (PoolName('tank'), DatasetName('tank/data'), True)
    DatasetName {
        /// The pool.
        #[getter]
        fn pool(&self) -> PoolName {
            PoolName(self.0.pool().clone())
        }

        /// The dataset above it; None for the root dataset of a pool.
        fn parent(&self) -> Option<Self> {
            self.0.parent().map(Self)
        }

        /// Whether it stands below another one.
        fn is_below(&self, other: &Self) -> bool {
            self.0.is_below(&other.0)
        }

        /// The dataset that stands below ``to`` as this one stands below ``source``, or for it; None if it does not.
        fn moved(&self, source: &Self, to: &Self) -> Option<Self> {
            self.0.moved(&source.0, &to.0).map(Self)
        }
    }
}

text_class! {
    /// The label of the vault record of a dataset's key: ``TrueNAS Dataset Key — {dataset}``.
    ///
    /// >>> DatasetKeyLabel("TrueNAS Dataset Key — tank/data").dataset
    /// DatasetName('tank/data')
    DatasetKeyLabel {
        /// The label of the record of this dataset's key.
        #[staticmethod]
        fn compute(dataset: &DatasetName) -> Self {
            Self(dtc_naming::DatasetKeyLabel(dataset.0.clone()))
        }

        /// The dataset.
        #[getter]
        fn dataset(&self) -> DatasetName {
            DatasetName(self.0.0.clone())
        }
    }
}

text_class! {
    /// The name of a copy job, which labels contain; white space around it is dropped.
    ///
    /// >>> str(JobName(" Documents "))
    /// 'Documents'
    JobName {}
}

text_class! {
    /// The label of a vault record of an encrypted copy without an appliance.
    ///
    /// >>> str(CopyLabel.salt(JobName("Documents")))
    /// 'Encrypted Copy — Documents · Encryption Salt'
    CopyLabel {
        /// The record of the encryption password.
        #[staticmethod]
        fn password(job: &JobName) -> Self {
            Self(dtc_naming::CopyLabel::Password(job.0.clone()))
        }

        /// The record of the encryption salt.
        #[staticmethod]
        fn salt(job: &JobName) -> Self {
            Self(dtc_naming::CopyLabel::Salt(job.0.clone()))
        }

        /// What the record holds, named like the method that makes its label.
        #[getter]
        fn kind(&self) -> &'static str {
            match self.0 {
                dtc_naming::CopyLabel::Password(_) => "password",
                dtc_naming::CopyLabel::Salt(_) => "salt",
            }
        }

        /// The job.
        #[getter]
        fn job(&self) -> JobName {
            JobName(self.0.job().clone())
        }
    }
}

text_class! {
    /// The description of a pool's Cloud Sync task: ``{Pool} Cloud Backup``.
    ///
    /// It shows the first letter in upper case, so it does not tell ``pool0`` from ``Pool0``, which ZFS does.
    ///
    /// >>> TaskDescription("Pool0 Cloud Backup").candidates()
    /// [PoolName('pool0'), PoolName('Pool0')]
    TaskDescription {
        /// Computes the description of this pool's task.
        ///
        /// >>> str(TaskDescription.compute(PoolName("pool0")))
        /// 'Pool0 Cloud Backup'
        #[staticmethod]
        fn compute(pool: &PoolName) -> Self {
            Self(dtc_naming::TaskDescription::compute(&pool.0))
        }

        /// Whether this is the description of that pool's task.
        fn describes(&self, pool: &PoolName) -> bool {
            self.0.describes(&pool.0)
        }

        /// The pools that it may describe, one or two.
        fn candidates(&self) -> Vec<PoolName> {
            self.0.candidates().into_iter().map(PoolName).collect()
        }
    }
}

text_class! {
    /// The name of a location, as it stands in labels; white space around it is dropped.
    ///
    /// >>> str(LocationName(" Main Office "))
    /// 'Main Office'
    LocationName {}
}

text_class! {
    /// The label of a record in the password vault. It is for people: a record's identity stands in its notes.
    ///
    /// >>> str(VaultLabel.encryption_salt(LocationName("Main Office")))
    /// 'TrueNAS Cloud Backup — Main Office · Encryption Salt'
    /// >>> VaultLabel("TrueNAS — NMS Credentials").kind
    /// 'nms_credentials'
    VaultLabel {
        /// The record of the key id and the application key.
        #[staticmethod]
        fn application_key(location: &LocationName) -> Self {
            Self(dtc_naming::VaultLabel::ApplicationKey(location.0.clone()))
        }

        /// The record of the encryption password.
        #[staticmethod]
        fn encryption_password(location: &LocationName) -> Self {
            Self(dtc_naming::VaultLabel::EncryptionPassword(location.0.clone()))
        }

        /// The record of the encryption salt.
        #[staticmethod]
        fn encryption_salt(location: &LocationName) -> Self {
            Self(dtc_naming::VaultLabel::EncryptionSalt(location.0.clone()))
        }

        /// The record of the SNMP user name and authentication password.
        #[staticmethod]
        fn nms_credentials() -> Self {
            Self(dtc_naming::VaultLabel::NmsCredentials)
        }

        /// The record of the SNMP privacy passphrase.
        #[staticmethod]
        fn nms_privacy_passphrase() -> Self {
            Self(dtc_naming::VaultLabel::NmsPrivacyPassphrase)
        }

        /// What the record holds, named like the method that makes its label.
        #[getter]
        fn kind(&self) -> &'static str {
            match self.0 {
                dtc_naming::VaultLabel::ApplicationKey(_) => "application_key",
                dtc_naming::VaultLabel::EncryptionPassword(_) => "encryption_password",
                dtc_naming::VaultLabel::EncryptionSalt(_) => "encryption_salt",
                dtc_naming::VaultLabel::NmsCredentials => "nms_credentials",
                dtc_naming::VaultLabel::NmsPrivacyPassphrase => "nms_privacy_passphrase",
            }
        }

        /// The location whose backup the record belongs to; None for monitoring.
        #[getter]
        fn location(&self) -> Option<LocationName> {
            self.0.location().cloned().map(LocationName)
        }
    }
}
