//! What one run of a cloud sync task is to do.

use std::path::PathBuf;

use serde_json::Value;

use super::cloudsync_rules::split_arguments;
use super::nas::Nas;
use super::release::Release;
use super::state::Row;
use super::task_locks::Claim;

/// What a task says, when it is run.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    task: Row,
    pub(super) account: String,
    pub(super) key: String,
    /// The real directory behind the task's path.
    pub(super) source: PathBuf,
    pub(super) is_dry: bool,
}

/// What a run does with files that only one side has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Sync,
    Copy,
    Move,
}

impl Mode {
    /// The word that rclone has for it.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Copy => "copy",
            Self::Move => "move",
        }
    }
}

impl Plan {
    pub(super) fn new(nas: &Nas, task: &Row, credential: Option<&Row>, is_dry: bool) -> Self {
        let provider = credential.map_or(&Value::Null, |row| &row["provider"]);
        let text = |name: &str| provider[name].as_str().unwrap_or_default().to_owned();
        let path = task["path"].as_str().unwrap_or_default();
        Self {
            task: task.clone(),
            account: text("account"),
            key: text("key"),
            source: nas.disk.real(path).unwrap_or_default(),
            is_dry,
        }
    }

    /// A plan for unit tests.
    #[cfg(test)]
    pub(super) fn of(task: Row, account: &str, key: &str) -> Self {
        let (account, key) = (account.to_owned(), key.to_owned());
        Self { task, account, key, source: PathBuf::new(), is_dry: false }
    }

    pub(super) fn text(&self, field: &str) -> &str {
        self.field(field).as_str().unwrap_or_default()
    }

    pub(super) fn is(&self, field: &str) -> bool {
        *self.field(field) == true
    }

    /// A field of the task; null where its release has none.
    pub(super) fn field(&self, field: &str) -> &Value {
        self.task.get(field).unwrap_or(&Value::Null)
    }

    pub(super) fn attribute(&self, name: &str) -> &Value {
        &self.task["attributes"][name]
    }

    pub(super) fn bucket(&self) -> &str {
        self.attribute("bucket").as_str().unwrap_or_default()
    }

    /// The folder without slashes at its ends.
    pub(super) fn folder(&self) -> &str {
        self.attribute("folder").as_str().unwrap_or_default().trim_matches('/')
    }

    pub(super) fn mode(&self) -> Mode {
        match self.text("transfer_mode") {
            "SYNC" => Mode::Sync,
            "MOVE" => Mode::Move,
            _ => Mode::Copy,
        }
    }

    pub(super) fn arguments(&self) -> Vec<String> {
        split_arguments(self.text("args")).unwrap_or_default()
    }

    /// The place in the bucket that the run needs for itself while it lasts.
    pub(super) fn claim(&self) -> Claim {
        Claim::Remote {
            credential: self.task["credentials"].as_i64().unwrap_or_default(),
            place: format!("{}/{}", self.bucket(), self.folder()).trim_end_matches('/').to_owned(),
        }
    }

    /// The lines of the filter file, in the order in which the appliance writes them. CORE has no applications to leave
    /// out (TrueNAS middleware 13.3 and 25.10, `plugins/cloud_sync.py`).
    pub(super) fn filter_lines(&self, release: Release) -> Vec<String> {
        let mut lines = vec!["- .zfs".to_owned(), "- .zfs/**".to_owned()];
        let pool = self.text("path").trim_end_matches('/').strip_prefix("/mnt/");
        if release > Release::Core13_3 && pool.is_some_and(|rest| !rest.contains('/')) {
            for name in ["/ix-applications", "/ix-apps"] {
                lines.push(format!("- {name}"));
                lines.push(format!("- {name}/**"));
            }
        }
        let items =
            |field: &str| self.field(field).as_array().into_iter().flatten().filter_map(Value::as_str);
        lines.extend(items("exclude").map(|item| format!("- {item}")));
        let included: Vec<String> = items("include").map(|item| format!("+ {item}")).collect();
        if !included.is_empty() {
            lines.extend(included);
            lines.push("- *".to_owned());
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn filters_are_in_the_order_of_the_appliance() {
        let task = json!({"path": "/mnt/pool0", "exclude": ["/Archive/**"], "include": ["/a"]});
        let plan = Plan::of(task.as_object().cloned().unwrap(), "", "");
        let lines = plan.filter_lines(Release::Scale25_10);
        assert_eq!(lines[..3], ["- .zfs", "- .zfs/**", "- /ix-applications"]);
        assert_eq!(lines[6..], ["- /Archive/**", "+ /a", "- *"]);
        assert_eq!(plan.filter_lines(Release::Core13_3)[2..], ["- /Archive/**", "+ /a", "- *"]);
    }
}
