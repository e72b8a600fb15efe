//! The instances of NinjaOne.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// An instance of NinjaOne; a tenant lives on one, and its applications are unknown to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Region {
    /// `https://app.ninjarmm.com`
    Us,
    /// `https://us2.ninjarmm.com`
    Us2,
    /// `https://eu.ninjarmm.com`
    Eu,
    /// `https://oc.ninjarmm.com`, for Asia and the Pacific
    Oc,
    /// `https://ca.ninjarmm.com`
    Ca,
    /// `https://fed.ninjarmm.com`, for federal agencies of the United States; its builds are older
    Fed,
    /// `https://jp.ninjarmm.com`; undocumented
    Jp,
}

const NAMES: [(Region, &str, &str); 7] = [
    (Region::Us, "us", "https://app.ninjarmm.com"),
    (Region::Us2, "us2", "https://us2.ninjarmm.com"),
    (Region::Eu, "eu", "https://eu.ninjarmm.com"),
    (Region::Oc, "oc", "https://oc.ninjarmm.com"),
    (Region::Ca, "ca", "https://ca.ninjarmm.com"),
    (Region::Fed, "fed", "https://fed.ninjarmm.com"),
    (Region::Jp, "jp", "https://jp.ninjarmm.com"),
];

impl Region {
    fn row(self) -> (Self, &'static str, &'static str) {
        NAMES.into_iter().find(|(region, ..)| *region == self).unwrap_or(NAMES[0])
    }

    /// Its address.
    pub fn base_url(self) -> &'static str {
        self.row().2
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().1)
    }
}

impl FromStr for Region {
    type Err = Error;

    /// Reads the short name, or the host of the instance (`eu.ninjarmm.com`): `us`, `us2`, `eu`, `oc`, `ca`, `fed` or `jp`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let host = format!("https://{}", name.trim_start_matches("https://").trim_end_matches('/'));
        let found = NAMES.into_iter().find(|(_, short, url)| *short == name || *url == host);
        found.map(|(region, ..)| region).ok_or_else(|| {
            let known = NAMES.map(|(_, short, _)| short).join(", ");
            Error::invalid("configure", format!("{name:?} is no region; there are {known}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_reads_as_it_is_written() {
        for (region, name, url) in NAMES {
            assert_eq!(name.parse::<Region>().unwrap(), region);
            assert_eq!((region.to_string().as_str(), region.base_url()), (name, url));
        }
        assert!("US".parse::<Region>().is_err());
        assert_eq!("eu.ninjarmm.com".parse::<Region>().unwrap(), Region::Eu);
        assert_eq!("https://ca.ninjarmm.com/".parse::<Region>().unwrap(), Region::Ca);
    }
}
