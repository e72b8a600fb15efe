//! Alerts.

use truenas_client::Client as Nas;
use truenas_client::alerts;

use super::failure::Failure;
use super::shown::{Shown, found, words};
use crate::held::Held;
use crate::json::Json;
use crate::twins::twins;
use crate::values::{Many, Nothing, Time, value_class};

words!(alerts::AlertLevel);

value_class! {
    in "dtc.truenas";
    /// An alert (TrueNAS middleware 13.3 to 26, ``alert.list``).
    Alert {
        /// Its identifier.
        uuid: String,
        /// Its class, such as ``CloudSyncTaskFailed``.
        klass: String,
        /// How bad it is.
        level: String,
        /// What it says, with HTML in it on some releases.
        formatted: Option<String> = None,
        /// The text that its class says, without the details.
        text: String,
        /// The details, whose form depends on the class.
        args: Json,
        /// What tells it from others of its class.
        key: Option<String> = None,
        /// What found it.
        source: Option<String> = None,
        /// The controller that it is about.
        node: Option<String> = None,
        /// Whether it is raised by an event and gone when it is dismissed, rather than as long as its cause lasts.
        one_shot: bool,
        /// Whether somebody dismissed it.
        dismissed: bool,
        /// The mail that went out about it.
        mail: Json,
        /// When it was raised.
        raised: Option<Time> = None,
        /// When it was last seen.
        last_occurrence: Option<Time> = None,
    }
}

impl Shown<Alert> for alerts::Alert {
    fn shown(self) -> Alert {
        Alert {
            uuid: self.uuid.shown(),
            klass: self.klass.shown(),
            level: self.level.shown(),
            formatted: self.formatted.shown(),
            text: self.text.shown(),
            args: self.args.shown(),
            key: self.key.shown(),
            source: self.source.shown(),
            node: self.node.shown(),
            one_shot: self.one_shot.shown(),
            dismissed: self.dismissed.shown(),
            mail: self.mail.shown(),
            raised: self.datetime.shown(),
            last_occurrence: self.last_occurrence.shown(),
        }
    }
}

found! {
    /// A category of alerts.
    AlertCategory of alerts::AlertCategory {
        /// Its name, such as ``TASKS``.
        id: String,
        /// What people call it.
        title: String,
        /// What there can be alerts about.
        classes: Vec<AlertClass>,
    }
}

found! {
    /// A class of alerts.
    AlertClass of alerts::AlertClass {
        /// Its name, as ``klass`` has it.
        id: String,
        /// What people call it.
        title: String,
        /// How bad it is, unless somebody chose otherwise.
        level: String,
        /// Whether the vendor's support hears of it; not on CORE.
        proactive_support: Option<bool> = None,
        /// Which products have it, from 26 on.
        product_types: Vec<String>,
    }
}

twins! {
    /// Alerts: what the appliance wants people to know.
    "Alerts" in "dtc.truenas" and "dtc.truenas.aio", Failure: Alerts / AioAlerts(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every alert there is, dismissed ones among them.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "alert.list"
        fn list() -> Many<Alert> = |nas| {
            Ok(nas.alerts().list().await?.shown())
        }

        /// What there can be alerts about, by category.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "alert.list_categories"
        fn categories() -> Many<AlertCategory> = |nas| {
            Ok(nas.alerts().categories().await?.shown())
        }

        /// Dismisses an alert. One that comes ``once`` is gone then; another stays listed as dismissed. An alert that is not
        /// there is no error.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (dismissing it again is harmless); ``unauthorized``.
        #[pyo3(signature = (uuid, *, timeout = None))]
        Write "alert.dismiss"
        fn dismiss(uuid: String) -> Nothing = |nas| {
            Ok(nas.alerts().dismiss(&uuid).await?.shown())
        }

        /// Takes back that an alert was dismissed. An alert that is gone is no error.
        ///
        /// Errors by their ``kind``: As ``dismiss``.
        #[pyo3(signature = (uuid, *, timeout = None))]
        Write "alert.restore"
        fn restore(uuid: String) -> Nothing = |nas| {
            Ok(nas.alerts().restore(&uuid).await?.shown())
        }
    }
}
