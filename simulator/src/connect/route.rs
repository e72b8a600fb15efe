//! Which operation a verb and a path mean.

use crate::request::Access;

/// An operation, with the ids of its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    Vaults,
    Vault(&'a str),
    Items { vault: &'a str },
    Item { vault: &'a str, item: &'a str },
    Unknown { is_read: bool },
}

impl<'a> Route<'a> {
    pub(super) fn of(verb: &str, path: &'a str) -> Self {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        match (verb, segments.as_slice()) {
            ("GET", ["v1", "vaults"]) => Self::Vaults,
            ("GET", ["v1", "vaults", vault]) => Self::Vault(vault),
            ("GET", ["v1", "vaults", vault, "items"]) => Self::Items { vault },
            ("GET", ["v1", "vaults", vault, "items", item]) => Self::Item { vault, item },
            (verb, _) => Self::Unknown { is_read: verb == "GET" },
        }
    }

    /// The name by which faults and transcripts know the operation.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Vaults => "list_vaults",
            Self::Vault(_) => "get_vault",
            Self::Items { .. } => "list_items",
            Self::Item { .. } => "get_item",
            Self::Unknown { .. } => "unknown",
        }
    }

    pub(super) fn access(self) -> Access {
        match self {
            Self::Unknown { is_read: false } => Access::Write,
            _ => Access::Read,
        }
    }

    /// What a list can be filtered by; nothing where it is no list.
    pub(super) fn filters(self) -> &'static [&'static str] {
        match self {
            Self::Vaults => &["name"],
            Self::Items { .. } => &["title", "tag"],
            _ => &[],
        }
    }
}
