//! Alerts: what the appliance wants somebody to know (TrueNAS middleware 13.3 to 26, `plugins/alert.py`).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Call, Method};
use super::events::{Event, What};
use super::nas::Nas;
use super::refusal::Outcome;
use super::release::Release;
use super::shape::{Field, Kind};
use super::state::date;

/// What there may be an alert about: its class, category, title, level, and whether it goes by itself.
struct Class {
    name: &'static str,
    category: &'static str,
    title: &'static str,
    level: &'static str,
    is_one_shot: bool,
}

const CLASSES: &[Class] = &[
    Class {
        name: "ApiKeyRevoked",
        category: "SYSTEM",
        title: "API Key Revoked",
        level: "WARNING",
        is_one_shot: true,
    },
    Class {
        name: "CloudSyncTaskFailed",
        category: "TASKS",
        title: "Cloud Sync Task Failed",
        level: "ERROR",
        is_one_shot: true,
    },
    Class {
        name: "VolumeStatus",
        category: "STORAGE",
        title: "Pool Status Is Not Healthy",
        level: "CRITICAL",
        is_one_shot: false,
    },
];
const CATEGORIES: [(&str, &str); 3] = [("STORAGE", "Storage"), ("SYSTEM", "System"), ("TASKS", "Tasks")];

/// One alert.
#[derive(Debug, Clone)]
pub(super) struct Alert {
    uuid: String,
    class: &'static str,
    text: String,
    raised: Timestamp,
    is_dismissed: bool,
}

const UUID: &[Field] = &[Field::required("uuid", Kind::Text)];
const OPTIONS: Field = Field::or(
    "options",
    Kind::Object(&[
        Field::or("include_hidden_classes", Kind::Bool, "false"),
        Field::or("include_all_products", Kind::Bool, "false"),
    ]),
    "{}",
)
.since(Release::Community26);

pub(super) const METHODS: &[Method] = &[
    Method::read("alert.list", &[], |call| Ok(call.nas.state().alerts.iter().map(Alert::entry).collect())),
    Method::read("alert.list_categories", &[OPTIONS], categories),
    Method::read("alert.list_policies", &[], |_| Ok(json!(["IMMEDIATELY", "HOURLY", "DAILY", "NEVER"]))),
    Method::write("alert.dismiss", UUID, dismiss),
    Method::write("alert.restore", UUID, restore),
];

/// The class of this name; of any other, the last one.
fn class(name: &str) -> &'static Class {
    CLASSES.iter().find(|class| class.name == name).unwrap_or(&CLASSES[CLASSES.len() - 1])
}

impl Alert {
    pub(super) fn new(nas: &Nas, name: &str, text: impl Into<String>) -> Self {
        let (uuid, raised) = (nas.random.uuid(), nas.now());
        Self { uuid, class: class(name).name, text: text.into(), raised, is_dismissed: false }
    }

    fn entry(&self) -> Value {
        let class = class(self.class);
        json!({
            "uuid": self.uuid, "source": if class.is_one_shot { "" } else { class.name }, "klass": class.name,
            "args": {}, "node": "Controller A", "key": "{}", "datetime": date(self.raised),
            "last_occurrence": date(self.raised), "dismissed": self.is_dismissed, "mail": null, "text": self.text,
            "id": self.uuid, "level": class.level, "formatted": self.text, "one_shot": class.is_one_shot,
        })
    }
}

/// Raises an alert, and says so to whoever listens.
pub(super) fn raise(nas: &Nas, name: &str, text: impl Into<String>) {
    let alert = Alert::new(nas, name, text);
    let event = Event::new(What::Added, "alert.list", alert.uuid.as_str(), alert.entry());
    nas.state().alerts.push(alert);
    nas.events.publish(&event);
}

fn categories(call: &Call) -> Outcome {
    let models = call.rules.models;
    let shown = |class: &Class| {
        let mut shown = json!({"id": class.name, "title": class.title, "level": class.level});
        if models > Release::Core13_3 {
            shown["proactive_support"] = false.into();
        }
        if models >= Release::Community26 {
            shown["product_types"] = json!(["COMMUNITY_EDITION", "ENTERPRISE"]);
        }
        shown
    };
    let category = |(id, title): (&str, &str)| {
        let classes = CLASSES.iter().filter(|class| class.category == id).map(shown);
        json!({"id": id, "title": title, "classes": classes.collect::<Vec<Value>>()})
    };
    Ok(CATEGORIES.into_iter().map(category).collect())
}

/// An alert that comes once is gone when it is dismissed; another stays and says so. One that is not there is no error.
fn dismiss(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let place = state.alerts.iter().position(|alert| alert.uuid == call.text(0));
    if let Some(place) = place {
        let event = if class(state.alerts[place].class).is_one_shot {
            let gone = state.alerts.remove(place);
            Event::new(What::Removed, "alert.list", gone.uuid, Value::Null)
        } else {
            state.alerts[place].is_dismissed = true;
            Event::new(What::Changed, "alert.list", call.text(0), state.alerts[place].entry())
        };
        drop(state);
        call.nas.events.publish(&event);
    }
    Ok(Value::Null)
}

fn restore(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    if let Some(alert) = state.alerts.iter_mut().find(|alert| alert.uuid == call.text(0)) {
        alert.is_dismissed = false;
        let event = Event::new(What::Changed, "alert.list", call.text(0), alert.entry());
        drop(state);
        call.nas.events.publish(&event);
    }
    Ok(Value::Null)
}
