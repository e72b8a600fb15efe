//! Which operation a verb and a path mean.

use super::kind::Kind;
use crate::request::Access;

/// An operation, its ids read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Resources of a kind, those below one organisation or all.
    List {
        kind: Kind,
        organization: Option<u64>,
    },
    /// The fields of a type of flexible assets.
    Fields {
        asset_type: u64,
    },
    Show {
        kind: Kind,
        id: u64,
    },
    CreateItem {
        kind: Kind,
        organization: Option<u64>,
    },
    UpdateItem {
        kind: Kind,
        id: u64,
    },
    /// A file at a record; without a kind, at a password.
    Attach {
        kind: Option<Kind>,
        id: u64,
    },
    Passwords {
        organization: Option<u64>,
    },
    Password {
        organization: Option<u64>,
        id: u64,
    },
    Create {
        organization: Option<u64>,
    },
    Update {
        id: u64,
    },
    Unknown,
}

impl Route {
    pub(super) fn of(verb: &str, path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        Self::parse(verb, &segments).unwrap_or(Self::Unknown)
    }

    fn parse(verb: &str, segments: &[&str]) -> Option<Self> {
        let number = |text: &str| text.parse::<u64>().ok();
        Some(match (verb, segments) {
            ("POST", [path, id, "relationships", "attachments"]) => {
                let kind = if *path == "passwords" { None } else { Some(Kind::of_path(path)?) };
                let has_files = kind.is_none_or(|kind| kind.spelling().includes.contains(&"attachments"));
                has_files.then_some(Self::Attach { kind, id: number(id)? })?
            }
            ("GET", ["flexible_asset_types", id, "relationships", "flexible_asset_fields"]) => {
                Self::Fields { asset_type: number(id)? }
            }
            (verb, ["organizations", id, "relationships", rest @ ..]) => {
                Self::below(verb, number(id)?, rest)?
            }
            ("GET", ["passwords"]) => Self::Passwords { organization: None },
            ("GET", ["passwords", id]) => Self::Password { organization: None, id: number(id)? },
            ("POST", ["passwords"]) => Self::Create { organization: None },
            ("PATCH", ["passwords", id]) => Self::Update { id: number(id)? },
            (verb, [path]) => {
                let kind = Kind::of_path(path)?;
                match verb {
                    "GET" if kind.is_listed() => Self::List { kind, organization: None },
                    "POST" if kind.is_writable() => Self::CreateItem { kind, organization: None },
                    _ => return None,
                }
            }
            (verb, [path, id]) => {
                let (kind, id) = (Kind::of_path(path)?, number(id)?);
                match verb {
                    "GET" => Self::Show { kind, id },
                    "PATCH" if kind.is_writable() => Self::UpdateItem { kind, id },
                    _ => return None,
                }
            }
            _ => return None,
        })
    }

    /// What stands below an organisation.
    fn below(verb: &str, id: u64, rest: &[&str]) -> Option<Self> {
        let organization = Some(id);
        Some(match (verb, rest) {
            ("GET", ["passwords"]) => Self::Passwords { organization },
            ("GET", ["passwords", id]) => Self::Password { organization, id: id.parse().ok()? },
            ("POST", ["passwords"]) => Self::Create { organization },
            (verb, [path]) => {
                let kind = Kind::of_path(path).filter(|kind| kind.is_of_an_organization())?;
                match verb {
                    "GET" if kind.is_listed() => Self::List { kind, organization },
                    "POST" if kind.is_writable() => Self::CreateItem { kind, organization },
                    _ => return None,
                }
            }
            _ => return None,
        })
    }

    /// The name by which faults and transcripts know the operation.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::List { kind, .. } => kind.spelling().operations[0],
            Self::Fields { .. } => "list_flexible_asset_fields",
            Self::Show { kind, .. } => kind.spelling().operations[1],
            Self::CreateItem { kind, .. } => kind.spelling().operations[2],
            Self::UpdateItem { kind, .. } => kind.spelling().operations[3],
            Self::Attach { .. } => "create_attachment",
            Self::Passwords { .. } => "list_passwords",
            Self::Password { .. } => "get_password",
            Self::Create { .. } => "create_password",
            Self::Update { .. } => "update_password",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn access(self) -> Access {
        match self {
            Self::Create { .. }
            | Self::Update { .. }
            | Self::CreateItem { .. }
            | Self::UpdateItem { .. }
            | Self::Attach { .. } => Access::Write,
            _ => Access::Read,
        }
    }

    /// What the rows of a list can be sorted by.
    pub(super) fn orders(self) -> &'static [&'static str] {
        match self {
            Self::Passwords { .. } => &["name", "username", "url", "id", "created_at", "updated_at"],
            _ => &["name", "id"],
        }
    }

    /// Whether the operation knows the query parameter; one that it does not know is refused.
    pub(super) fn knows(self, parameter: &str) -> bool {
        const PAGING: [&str; 3] = ["page[number]", "page[size]", "sort"];
        match self {
            Self::List { kind, .. } => {
                PAGING.contains(&parameter) || kind.spelling().filters.contains(&parameter)
            }
            Self::Fields { .. } => PAGING.contains(&parameter),
            Self::Show { kind, .. } => parameter == "include" && !kind.spelling().includes.is_empty(),
            Self::Passwords { .. } => PAGING.contains(&parameter) || PASSWORD_FILTERS.contains(&parameter),
            Self::Password { .. } => ["show_password", "version_id", "include"].contains(&parameter),
            Self::Create { .. } | Self::Update { .. } => parameter == "show_password",
            _ => false,
        }
    }
}

const PASSWORD_FILTERS: [&str; 8] = [
    "filter[id]",
    "filter[name]",
    "filter[organization_id]",
    "filter[password_category_id]",
    "filter[url]",
    "filter[cached_resource_name]",
    "filter[archived]",
    "show_password",
];
