//! What the appliance is.

use serde::Deserialize;

use crate::call::Call;
use crate::operations;
use crate::{Client, Error};

impl Client {
    /// The appliance itself.
    pub fn system(&self) -> System<'_> {
        System { client: self }
    }
}

/// Calls about the appliance itself.
#[derive(Clone, Copy, Debug)]
pub struct System<'a> {
    client: &'a Client,
}

impl System<'_> {
    /// Release, name and hardware.
    ///
    /// # Errors
    /// Those of every reading call: `Unreachable`, `RateLimited`, `Unauthorized`.
    pub async fn info(&self) -> Result<Info, Error> {
        self.client.carry_out(Call::new(operations::SYSTEM_INFO, [])).await
    }

    /// The user whose API key this is, and its roles. Releases before 24.10 do not offer it.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn me(&self) -> Result<Me, Error> {
        self.client.carry_out(Call::new(operations::AUTH_ME, [])).await
    }

    /// General settings, the time zone among them.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn general(&self) -> Result<General, Error> {
        self.client.carry_out(Call::new(operations::SYSTEM_GENERAL_CONFIG, [])).await
    }
}

/// The user whose API key this is (TrueNAS middleware 24.10 to 26, `auth.me`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "User")]
#[non_exhaustive]
pub struct Me {
    /// Its user name.
    pub user: String,
    /// Its roles, those that others include among them; `None` where the release does not say, as 24.10 does not.
    pub roles: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct User {
    pw_name: String,
    #[serde(default, deserialize_with = "present")]
    privilege: Option<Privilege>,
}

/// A user of no privilege has null for it, and none of its roles.
fn present<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Option<Privilege>, D::Error> {
    Ok(Some(Option::deserialize(value)?.unwrap_or_default()))
}

#[derive(Default, Deserialize)]
struct Privilege {
    #[serde(default)]
    roles: Option<Roles>,
}

/// A set is written as `{"$set": [...]}`, by some releases as a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Roles {
    Set {
        #[serde(rename = "$set")]
        set: Vec<String>,
    },
    List(Vec<String>),
}

impl From<User> for Me {
    fn from(user: User) -> Self {
        let roles = user.privilege.map(|privilege| match privilege.roles {
            Some(Roles::Set { set: roles } | Roles::List(roles)) => roles,
            None => Vec::new(),
        });
        Self { user: user.pw_name, roles }
    }
}

/// Release, name and hardware of an appliance.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Info {
    /// The release as the appliance words it, such as `25.10.1` or `TrueNAS-25.04.2`.
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
    /// The time zone's name in the tz database. Schedules and bandwidth limits are in this zone. The same as
    /// [`General::timezone`], so that whoever reads this needs not ask for both (TrueNAS middleware 25.04 to 26, `system.info`).
    pub timezone: String,
}

/// General settings of an appliance.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct General {
    /// The time zone's name in the tz database. Schedules and bandwidth limits are in this zone.
    pub timezone: String,
}
