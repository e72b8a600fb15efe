//! What the appliance is.

use std::time::{Duration, SystemTime};

use http_core::RetryPolicy;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout_at};

use crate::call::Call;
use crate::operations;
use crate::{Client, Error, ErrorKind};

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

    /// Whether the appliance is up, with all its services.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn is_ready(&self) -> Result<bool, Error> {
        self.client.carry_out(Call::new(operations::SYSTEM_READY, [])).await
    }

    /// Whether the appliance is coming up, is up or is going down.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn state(&self) -> Result<SystemState, Error> {
        self.client.carry_out(Call::new(operations::SYSTEM_STATE, [])).await
    }

    /// What tells this run of the appliance from the one before: another one after each restart.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn boot_id(&self) -> Result<String, Error> {
        self.client.carry_out(Call::new(operations::SYSTEM_BOOT_ID, [])).await
    }

    /// What tells this hardware from any other: 64 hexadecimal digits.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn host_id(&self) -> Result<String, Error> {
        self.client.carry_out(Call::new(operations::SYSTEM_HOST_ID, [])).await
    }

    /// Which product it is. The words changed from release to release: what depends on the release is asked of
    /// [`Client::supports`](crate::Client::supports).
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn product_type(&self) -> Result<ProductType, Error> {
        self.client.carry_out(Call::new(operations::SYSTEM_PRODUCT_TYPE, [])).await
    }

    /// Restarts the appliance and waits until it is up again, at most for `limit`. Every connection is lost on the way, and every job ends.
    ///
    /// The answer to this call is often lost with the connection: whether the appliance restarts is seen by its
    /// [`boot_id`](Self::boot_id), so a lost answer is no error here.
    ///
    /// # Errors
    /// `OutcomeUnknown` when it is not up again after `limit`, or never went down; `Unauthorized`, `Validation` (no reason).
    pub async fn reboot(&self, reason: &str, limit: Duration) -> Result<(), Error> {
        let operation = operations::SYSTEM_REBOOT;
        let unknown = || Error::new(operation.name(), self.client.subject(), ErrorKind::OutcomeUnknown);
        let until = Instant::now() + limit;
        let before = self.boot_id().await?;
        let asked = self.client.carry_out::<Value>(Call::new(operation, [json!(reason), json!({})])).await;
        match asked {
            Err(error) if *error.kind() != ErrorKind::OutcomeUnknown => return Err(error),
            _ => {}
        }
        let policy = RetryPolicy { attempts: u32::MAX, ..self.client.policy() }.deadline(limit);
        let mut looks = 0;
        loop {
            looks += 1;
            let pause = policy.random_backoff(looks);
            if until.duration_since(Instant::now()) <= pause {
                return Err(unknown());
            }
            let spent = limit.saturating_sub(until - Instant::now());
            let why: (_, &dyn std::fmt::Display) = (operation.name(), &"it restarts");
            self.client.dialer().say(why, looks, policy, (pause, spent));
            sleep(pause).await;
            let look = async { Ok::<_, Error>(self.boot_id().await? != before && self.is_ready().await?) };
            match timeout_at(until, look).await {
                Ok(Ok(true)) => return Ok(()),
                Ok(Err(error)) if !error.is_retryable() => return Err(error),
                Ok(_) => {}
                Err(_) => return Err(unknown()),
            }
        }
    }

    /// General settings, the time zone among them.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn general(&self) -> Result<General, Error> {
        self.client.carry_out(Call::new(operations::SYSTEM_GENERAL_CONFIG, [])).await
    }
}

/// Whether the appliance is up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum SystemState {
    /// It is coming up.
    Booting,
    /// It is up.
    Ready,
    /// It is going down.
    ShuttingDown,
    /// A state of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

/// Which product an appliance is (TrueNAS middleware 13.3 to 26, `system.product_type`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ProductType {
    /// CORE.
    Core,
    /// SCALE, up to 25.04.
    Scale,
    /// SCALE with a licence, up to 25.04.
    ScaleEnterprise,
    /// Without a licence, from 25.10 on.
    CommunityEdition,
    /// With a licence.
    Enterprise,
    /// A product of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

/// The user whose API key this is (TrueNAS middleware 24.10 to 26, `auth.me`).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "User")]
#[non_exhaustive]
pub struct Me {
    /// Its user name.
    pub user: String,
    /// Its home directory.
    pub home: Option<String>,
    /// Its roles, those that others include among them; `None` where the release does not say, as 24.10 does not.
    pub roles: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct User {
    pw_name: String,
    #[serde(default)]
    pw_dir: Option<String>,
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

impl Me {
    /// Whether it has a role, itself or as full administrator; `None` where the release does not say.
    pub fn has_role(&self, role: &str) -> Option<bool> {
        self.roles.as_ref().map(|roles| roles.iter().any(|held| held == role || held == "FULL_ADMIN"))
    }
}

impl From<User> for Me {
    fn from(user: User) -> Self {
        let roles = user.privilege.map(|privilege| match privilege.roles {
            Some(Roles::Set { set: roles } | Roles::List(roles)) => roles,
            None => Vec::new(),
        });
        Self { user: user.pw_name, home: user.pw_dir, roles }
    }
}

/// Release, name and hardware of an appliance.
#[derive(Clone, Debug, PartialEq, Deserialize)]
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
    /// The hardware's revision.
    #[serde(default)]
    pub system_product_version: Option<String>,
    /// When this release was built.
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    pub buildtime: Option<SystemTime>,
    /// Memory in bytes.
    #[serde(default)]
    pub physmem: Option<u64>,
    /// Whether its memory corrects errors.
    #[serde(default)]
    pub ecc_memory: Option<bool>,
    /// The processor.
    #[serde(default)]
    pub model: Option<String>,
    /// How many processors the system sees.
    #[serde(default)]
    pub cores: Option<u32>,
    /// How many there are.
    #[serde(default)]
    pub physical_cores: Option<u32>,
    /// The load of the last one, five and fifteen minutes.
    #[serde(default)]
    pub loadavg: Vec<f64>,
    /// For how long it has been up, in words.
    #[serde(default)]
    pub uptime: Option<String>,
    /// The same in seconds.
    #[serde(default)]
    pub uptime_seconds: Option<f64>,
    /// When it came up.
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    pub boottime: Option<SystemTime>,
    /// What its clock says.
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    pub datetime: Option<SystemTime>,
    /// The licence, where there is one.
    #[serde(default)]
    pub license: Value,
    /// The time zone's name in the tz database. Schedules and bandwidth limits are in this zone. The same as
    /// [`General::timezone`], so that whoever reads this needs not ask for both (TrueNAS middleware 25.04 to 26, `system.info`).
    pub timezone: String,
}

/// General settings of an appliance (TrueNAS middleware 13.3 to 26, `system.general.config`). What a release does not say is `None`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct General {
    /// The time zone's name in the tz database. Schedules and bandwidth limits are in this zone.
    pub timezone: String,
    /// The addresses that may use the interface; empty for all.
    #[serde(default)]
    pub ui_allowlist: Vec<String>,
    /// The addresses that it listens at.
    #[serde(default)]
    pub ui_address: Vec<String>,
    /// The same of IPv6.
    #[serde(default)]
    pub ui_v6address: Vec<String>,
    /// The port of HTTP.
    #[serde(default)]
    pub ui_port: Option<u16>,
    /// The port of HTTPS.
    #[serde(default)]
    pub ui_httpsport: Option<u16>,
    /// Whether HTTP is sent to HTTPS.
    #[serde(default)]
    pub ui_httpsredirect: Option<bool>,
    /// The versions of TLS that it speaks.
    #[serde(default)]
    pub ui_httpsprotocols: Vec<String>,
    /// Which pages may show the interface within them.
    #[serde(default)]
    pub ui_x_frame_options: Option<String>,
    /// Whether the interface shows messages of the console.
    #[serde(default)]
    pub ui_consolemsg: Option<bool>,
    /// The certificate that it shows.
    #[serde(default, deserialize_with = "certificate")]
    pub ui_certificate: Option<UiCertificate>,
    /// That certificate's name, from 26 on.
    #[serde(default)]
    pub ui_certificate_name: Option<String>,
    /// The keyboard of the console.
    #[serde(default)]
    pub kbdmap: Option<String>,
    /// The language, up to 25.04.
    #[serde(default)]
    pub language: Option<String>,
    /// Whether the vendor hears how it is used.
    #[serde(default)]
    pub usage_collection: Option<bool>,
    /// Whether somebody decided that.
    #[serde(default)]
    pub usage_collection_is_set: Option<bool>,
    /// Whether its first settings have been made.
    #[serde(default)]
    pub wizardshown: Option<bool>,
    /// Whether users of a directory service may log in to the interface.
    #[serde(default)]
    pub ds_auth: Option<bool>,
}

/// The certificate of an appliance's interface.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UiCertificate {
    /// Its row.
    pub id: i64,
    /// Its name, up to 25.10 here.
    #[serde(default)]
    pub name: Option<String>,
}

/// An object, or from 26 on its number. Anything else of it can hold a private key, and is not read.
fn certificate<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<UiCertificate>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Shown {
        Number(i64),
        Whole(UiCertificate),
    }
    Ok(Option::<Shown>::deserialize(deserializer)?.map(|shown| match shown {
        Shown::Number(id) => UiCertificate { id, name: None },
        Shown::Whole(whole) => whole,
    }))
}
