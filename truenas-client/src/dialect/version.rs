use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::Release;
use crate::error::{Error, ErrorKind};

/// A version of the middleware's interface, such as `v25.10.5`.
#[derive(Clone, Debug)]
pub struct Version {
    numbers: [u32; 3],
    /// As the appliance writes it, which is also its path: `v25.04.2`, but `v26.0.0`.
    text: String,
}

impl Version {
    /// The release it belongs to; none before 25.04, which had no versions.
    pub(super) fn release(&self) -> Option<Release> {
        let [year, month, _] = self.numbers;
        Release::of_numbers(year, month)
    }
}

impl FromStr for Version {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut numbers = text.strip_prefix('v').unwrap_or_default().split('.').map(|part| {
            part.parse::<u32>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit()) && part.len() < 9)
        });
        match (numbers.next(), numbers.next(), numbers.next(), numbers.next()) {
            (Some(Some(year)), Some(Some(month)), Some(Some(patch)), None) => {
                Ok(Self { numbers: [year, month, patch], text: text.to_owned() })
            }
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
        f.write_str(&self.text)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers
    }
}

impl Eq for Version {}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.numbers.hash(state);
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_written_as_it_was_read_since_it_is_a_path() {
        for text in ["v25.04.2", "v25.10.10", "v26.0.0", "v27.0.1"] {
            assert_eq!(text.parse::<Version>().unwrap().to_string(), text);
        }
        for wrong in
            ["", "25.10.0", "v25.10", "v25.10.0.1", "v25.10.x", "v+25.10.0", "v25.10.0/..", "v999999999.1.1"]
        {
            assert!(wrong.parse::<Version>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn versions_are_ordered_by_number() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert!(version("v25.10.10") > version("v25.10.9") && version("v26.0.0") > version("v25.10.10"));
        assert_eq!(version("v25.4.0"), version("v25.04.0"));
    }
}
