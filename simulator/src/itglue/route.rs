//! Which operation a verb and a path mean.

use crate::request::Access;

/// An operation, its ids read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Organizations,
    Organization(u64),
    Configurations,
    Configuration(u64),
    Categories,
    Passwords { organization: Option<u64> },
    Password { organization: Option<u64>, id: u64 },
    Create { organization: Option<u64> },
    Update { id: u64 },
    Unknown,
}

impl Route {
    pub(super) fn of(verb: &str, path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let (organization, rest) = match segments.as_slice() {
            ["organizations", id, "relationships", rest @ ..] => match id.parse() {
                Ok(id) => (Some(id), rest),
                Err(_) => return Self::Unknown,
            },
            rest => (None, rest),
        };
        let id = |text: &str, route: fn(u64) -> Self| text.parse().map_or(Self::Unknown, route);
        match (verb, rest, organization) {
            ("GET", ["passwords"], organization) => Self::Passwords { organization },
            ("GET", ["passwords", id], organization) => {
                id.parse().map_or(Self::Unknown, |id| Self::Password { organization, id })
            }
            ("POST", ["passwords"], organization) => Self::Create { organization },
            ("PATCH", ["passwords", text], None) => id(text, |id| Self::Update { id }),
            ("GET", ["organizations"], None) => Self::Organizations,
            ("GET", ["organizations", text], None) => id(text, Self::Organization),
            ("GET", ["configurations"], None) => Self::Configurations,
            ("GET", ["configurations", text], None) => id(text, Self::Configuration),
            ("GET", ["password_categories"], None) => Self::Categories,
            _ => Self::Unknown,
        }
    }

    /// The name by which faults and transcripts know the operation.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Organizations => "list_organizations",
            Self::Organization(_) => "get_organization",
            Self::Configurations => "list_configurations",
            Self::Configuration(_) => "get_configuration",
            Self::Categories => "list_password_categories",
            Self::Passwords { .. } => "list_passwords",
            Self::Password { .. } => "get_password",
            Self::Create { .. } => "create_password",
            Self::Update { .. } => "update_password",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn access(self) -> Access {
        match self {
            Self::Create { .. } | Self::Update { .. } => Access::Write,
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

    /// The query parameters that the operation knows; another one is refused.
    pub(super) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Organizations => &["filter[id]", "filter[name]", "page[number]", "page[size]", "sort"],
            Self::Configurations => &[
                "filter[id]",
                "filter[name]",
                "filter[organization_id]",
                "filter[rmm_id]",
                "filter[rmm_integration_type]",
                "page[number]",
                "page[size]",
                "sort",
            ],
            Self::Categories => &["filter[name]", "page[number]", "page[size]", "sort"],
            Self::Passwords { .. } => &[
                "filter[id]",
                "filter[name]",
                "filter[organization_id]",
                "filter[password_category_id]",
                "filter[url]",
                "filter[cached_resource_name]",
                "filter[archived]",
                "show_password",
                "page[number]",
                "page[size]",
                "sort",
            ],
            Self::Password { .. } => &["show_password", "version_id"],
            Self::Create { .. } | Self::Update { .. } => &["show_password"],
            _ => &[],
        }
    }
}
