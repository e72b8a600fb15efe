//! Alerts: what the appliance wants somebody to know.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::Call;
use crate::operations;
use crate::{Client, Error};

impl Client {
    /// The appliance's alerts.
    pub fn alerts(&self) -> Alerts<'_> {
        Alerts { client: self }
    }
}

/// Calls about alerts.
#[derive(Clone, Copy, Debug)]
pub struct Alerts<'a> {
    client: &'a Client,
}

impl Alerts<'_> {
    /// Every alert there is, dismissed ones among them.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<Alert>, Error> {
        self.client.carry_out(Call::new(operations::ALERT_LIST, [])).await
    }

    /// What there can be alerts about, by category.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn categories(&self) -> Result<Vec<AlertCategory>, Error> {
        self.client.carry_out(Call::new(operations::ALERT_LIST_CATEGORIES, [])).await
    }

    /// Dismisses an alert. One that comes [once](Alert::one_shot) is gone then; another stays listed as dismissed. An alert that is not
    /// there is no error.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost (dismissing it again is harmless); `Unauthorized`.
    pub async fn dismiss(&self, uuid: &str) -> Result<(), Error> {
        self.client.carry_out::<Value>(Call::new(operations::ALERT_DISMISS, [uuid.into()])).await.map(drop)
    }

    /// Takes back that an alert was dismissed. An alert that is gone is no error.
    ///
    /// # Errors
    /// As [`dismiss`](Self::dismiss).
    pub async fn restore(&self, uuid: &str) -> Result<(), Error> {
        self.client.carry_out::<Value>(Call::new(operations::ALERT_RESTORE, [uuid.into()])).await.map(drop)
    }
}

/// An alert (TrueNAS middleware 13.3 to 26, `alert.list`).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Alert {
    /// Its identifier.
    pub uuid: String,
    /// Its class, such as `CloudSyncTaskFailed`.
    pub klass: String,
    /// How bad it is.
    pub level: AlertLevel,
    /// What it says, with HTML in it on some releases.
    #[serde(default)]
    pub formatted: Option<String>,
    /// The text that its class says, without the details.
    #[serde(default)]
    pub text: String,
    /// The details, whose form depends on the class.
    #[serde(default)]
    pub args: Value,
    /// What tells it from others of its class.
    #[serde(default)]
    pub key: Option<String>,
    /// What found it.
    #[serde(default)]
    pub source: Option<String>,
    /// The controller that it is about.
    #[serde(default)]
    pub node: Option<String>,
    /// Whether it is raised by an event and gone when it is dismissed, rather than as long as its cause lasts.
    #[serde(default)]
    pub one_shot: bool,
    /// Whether somebody dismissed it.
    #[serde(default)]
    pub dismissed: bool,
    /// The mail that went out about it.
    #[serde(default)]
    pub mail: Value,
    /// When it was raised.
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    pub datetime: Option<SystemTime>,
    /// When it was last seen.
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    pub last_occurrence: Option<SystemTime>,
}

/// How bad an alert is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum AlertLevel {
    /// For information.
    Info,
    /// Worth knowing.
    Notice,
    /// Something may go wrong.
    Warning,
    /// Something went wrong.
    Error,
    /// Something is badly wrong.
    Critical,
    /// Something has to be done now.
    Alert,
    /// Nothing works.
    Emergency,
    /// A level of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

/// A category of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AlertCategory {
    /// Its name, such as `TASKS`.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What there can be alerts about.
    #[serde(default)]
    pub classes: Vec<AlertClass>,
}

/// A class of alerts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AlertClass {
    /// Its name, as [`Alert::klass`] has it.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// How bad it is, unless somebody chose otherwise.
    pub level: AlertLevel,
    /// Whether the vendor's support hears of it; not on CORE.
    #[serde(default)]
    pub proactive_support: Option<bool>,
    /// Which products have it, from 26 on.
    #[serde(default)]
    pub product_types: Vec<String>,
}
