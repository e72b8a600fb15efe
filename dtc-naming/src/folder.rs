//! The folder of a pool in the bucket: one folder per device, with one folder per pool in it.

use std::fmt;
use std::str::FromStr;

use crate::error::{Breach, Error, ErrorKind, RuleId};
use crate::identity::DeviceGuid;
use crate::pool::PoolName;
use crate::text_form::text_form;
use crate::uuid_text::{self, Spelling};

const REMEDY: &str = "the form is /{Device GUID, lower case, dashed}/{pool}";

/// The folder of a pool in the form of a Cloud Sync task: `/{device guid}/{pool}` (N4).
///
/// ```
/// use dtc_naming::{DeviceGuid, FolderPath, PoolName};
///
/// let device: DeviceGuid = "3F2504E0-4F89-41D3-9A0C-0305E82C3301".parse()?;
/// let pool: PoolName = "pool0".parse()?;
/// let folder = FolderPath::compute(device, &pool);
/// assert_eq!(folder.as_str(), "/3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0");
/// assert_eq!(folder.object_prefix().as_str(), "3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0");
/// assert_eq!("/3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0".parse::<FolderPath>()?.pool(), &pool);
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FolderPath {
    text: String,
    device: DeviceGuid,
    pool: PoolName,
}

impl FolderPath {
    /// Computes the folder of a pool of a device.
    pub fn compute(device: DeviceGuid, pool: &PoolName) -> Self {
        Self { text: format!("/{device}/{pool}"), device, pool: pool.clone() }
    }

    /// Returns the path, with its leading slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the device (N9).
    pub fn device(&self) -> DeviceGuid {
        self.device
    }

    /// Returns the pool (N9).
    pub fn pool(&self) -> &PoolName {
        &self.pool
    }

    /// Returns the prefix of the names of the pool's objects in B2, which have no leading slash.
    pub fn object_prefix(&self) -> ObjectPrefix {
        ObjectPrefix(self.clone())
    }
}

/// The prefix of the names of a pool's objects: `{device guid}/{pool}` (N4).
///
/// ```
/// use dtc_naming::ObjectPrefix;
///
/// let prefix: ObjectPrefix = "3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0".parse()?;
/// assert_eq!(prefix.listing(), "3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0/");
/// assert_eq!(prefix.relative("3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0/a/b.bin"), Some("a/b.bin"));
/// assert_eq!(prefix.relative("3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool01/b.bin"), None);
/// # Ok::<(), dtc_naming::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectPrefix(FolderPath);

impl ObjectPrefix {
    /// Returns the prefix, without leading and trailing slashes.
    pub fn as_str(&self) -> &str {
        &self.0.text[1..]
    }

    /// Returns the prefix to list objects with. It ends with a slash, so that a listing for `pool0` does not include `pool01`.
    pub fn listing(&self) -> String {
        format!("{}/", self.as_str())
    }

    /// Returns the path of an object relative to the pool; `None` if the object does not belong to the pool.
    pub fn relative<'a>(&self, object: &'a str) -> Option<&'a str> {
        object.strip_prefix(self.as_str())?.strip_prefix('/')
    }

    /// Returns the same folder in the form of a Cloud Sync task.
    pub fn folder_path(&self) -> &FolderPath {
        &self.0
    }

    /// Returns the device (N9).
    pub fn device(&self) -> DeviceGuid {
        self.0.device
    }

    /// Returns the pool (N9).
    pub fn pool(&self) -> &PoolName {
        &self.0.pool
    }
}

/// Parses `{device guid}/{pool}`.
fn read(text: &str) -> Result<FolderPath, Breach> {
    let (device, pool) = text.split_once('/').ok_or_else(|| Breach {
        rule: RuleId::N4,
        kind: ErrorKind::Shape,
        span: text.len()..text.len(),
        problem: "the pool is missing".to_owned(),
        remedy: REMEDY,
    })?;
    let uuid = uuid_text::read(device, Spelling::Dashed, RuleId::I3)?;
    let pool = PoolName::read(pool).map_err(|breach| breach.shifted(device.len() + 1))?;
    Ok(FolderPath::compute(DeviceGuid::from_uuid(uuid), &pool))
}

impl FromStr for FolderPath {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let without_slash = text.strip_prefix('/').ok_or_else(|| Breach {
            rule: RuleId::N4,
            kind: if text.is_empty() { ErrorKind::Empty } else { ErrorKind::Shape },
            span: 0..0,
            problem: "it does not begin with a slash".to_owned(),
            remedy: REMEDY,
        });
        without_slash
            .and_then(|rest| read(rest).map_err(|breach| breach.shifted(1)))
            .map_err(|breach| breach.of("folder path", text))
    }
}

impl FromStr for ObjectPrefix {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        read(text).map(Self).map_err(|breach| breach.of("object prefix", text))
    }
}

macro_rules! shown_as_text {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.as_str()).finish()
            }
        }
    )+};
}
shown_as_text!(FolderPath, ObjectPrefix);
text_form!(FolderPath, ObjectPrefix);
