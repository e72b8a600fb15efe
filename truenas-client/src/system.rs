//! What the box is.

use serde::Deserialize;

use crate::call::Call;
use crate::{Client, Error};

impl Client {
    /// The box itself.
    pub fn system(&self) -> System<'_> {
        System { client: self }
    }
}

/// Calls about the box itself.
#[derive(Clone, Copy, Debug)]
pub struct System<'a> {
    client: &'a Client,
}

impl System<'_> {
    /// Release, name and hardware.
    ///
    /// # Errors
    /// Those of every reading call: `Disconnected`, `TimedOut`, `NotAuthorized`.
    pub async fn info(&self) -> Result<Info, Error> {
        self.client.call(Call::read("system.info", [])).await
    }

    /// General settings, the time zone among them.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn general(&self) -> Result<General, Error> {
        self.client.call(Call::read("system.general.config", [])).await
    }
}

/// Release, name and hardware of a box.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Info {
    /// The release as the box words it, such as `25.10.1` or `TrueNAS-25.04.2`.
    pub version: String,
    /// The host name.
    pub hostname: String,
    /// The chassis' serial number, where the hardware has one.
    #[serde(default)]
    pub system_serial: Option<String>,
    /// The hardware's maker.
    #[serde(default)]
    pub system_manufacturer: Option<String>,
    /// The hardware's model.
    #[serde(default)]
    pub system_product: Option<String>,
    /// The time zone in force.
    #[serde(default)]
    pub timezone: Option<String>,
}

/// General settings of a box.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct General {
    /// The time zone's name in the tz database. Schedules and bandwidth limits are in this zone.
    pub timezone: String,
}
