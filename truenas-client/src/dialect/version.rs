use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// A version of the middleware's interface, such as `v25.10.5`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    year: u32,
    month: u32,
    patch: u32,
}

impl Version {
    /// The release it belongs to: `(25, 10)`.
    pub(super) fn release(&self) -> (u32, u32) {
        (self.year, self.month)
    }
}

impl FromStr for Version {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut numbers = text.strip_prefix('v').unwrap_or_default().split('.').map(str::parse);
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(year)), Some(Ok(month)), Some(Ok(patch)), None) => Ok(Self { year, month, patch }),
            _ => Err(Error::new(
                "interface version",
                text,
                ErrorKind::InvalidRequest { reason: "an interface version reads like v25.10.0" },
            )),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.{:02}.{}", self.year, self.month, self.patch)
    }
}
