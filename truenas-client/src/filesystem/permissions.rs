use serde_json::{Value, json};

use crate::Switch;

/// Who owns what is at a path, and what they may do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    mode: Option<u32>,
    owner: Option<u32>,
    group: Option<u32>,
    recursive: bool,
    without_acl: bool,
}

impl Permissions {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What owner, group and others may do, as Unix numbers it: `0o750`.
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = Some(mode & 0o7777);
        self
    }

    /// The owner's number.
    pub fn owner(mut self, uid: u32) -> Self {
        self.owner = Some(uid);
        self
    }

    /// The group's number.
    pub fn group(mut self, gid: u32) -> Self {
        self.group = Some(gid);
        self
    }

    /// Whether everything below is changed as well, in this dataset; off by default.
    pub fn recursive(mut self, recursive: Switch) -> Self {
        self.recursive = recursive.is_on();
        self
    }

    /// Whether access control lists are removed, without which a mode is refused where there is one; off by default.
    pub fn without_acl(mut self, remove: Switch) -> Self {
        self.without_acl = remove.is_on();
        self
    }

    pub(super) fn body(&self, path: &str) -> Value {
        let options = json!({"recursive": self.recursive, "stripacl": self.without_acl});
        let mut body = json!({"path": path, "options": options});
        let given = [
            ("mode", self.mode.map(|mode| Value::from(format!("{mode:03o}")))),
            ("uid", self.owner.map(Value::from)),
            ("gid", self.group.map(Value::from)),
        ];
        for (name, value) in given.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            body[name] = value;
        }
        body
    }
}
