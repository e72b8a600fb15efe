//! Which operation a verb and a path mean.

use super::state::Kind;
use crate::request::Access;

/// An operation, its id read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    AuthInfo,
    Token,
    List(Kind),
    Get(Kind, i64),
    Write(Kind),
    Actions,
    Act,
    Statuses,
    Outcomes,
    Report(i64),
    Unknown,
}

impl Route {
    /// Paths are compared whatever their case, as the web server that HaloPSA runs on does.
    pub(super) fn of(verb: &str, path: &str) -> Self {
        let path = path.to_ascii_lowercase();
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let kind = |name: &str| match name {
            "tickets" => Some(Kind::Ticket),
            "client" => Some(Kind::Client),
            "site" => Some(Kind::Site),
            "asset" => Some(Kind::Asset),
            _ => None,
        };
        match (verb, segments.as_slice()) {
            ("GET", ["api", "authinfo"]) => Self::AuthInfo,
            ("POST", ["auth", "token"]) => Self::Token,
            ("GET", ["api", "actions"]) => Self::Actions,
            ("POST", ["api", "actions"]) => Self::Act,
            ("GET", ["api", "status"]) => Self::Statuses,
            ("GET", ["api", "outcome"]) => Self::Outcomes,
            ("GET", ["api", "report", id]) => id.parse().map_or(Self::Unknown, Self::Report),
            ("GET", ["api", name]) => kind(name).map_or(Self::Unknown, Self::List),
            ("POST", ["api", name]) => kind(name).map_or(Self::Unknown, Self::Write),
            ("GET", ["api", name, id]) => match (kind(name), id.parse()) {
                (Some(kind), Ok(id)) => Self::Get(kind, id),
                _ => Self::Unknown,
            },
            _ => Self::Unknown,
        }
    }

    /// The name by which faults and transcripts know the operation.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::AuthInfo => "authinfo",
            Self::Token => "token",
            Self::List(Kind::Ticket) => "list_tickets",
            Self::List(Kind::Client) => "list_clients",
            Self::List(Kind::Site) => "list_sites",
            Self::List(Kind::Asset) => "list_assets",
            Self::Get(Kind::Ticket, _) => "get_ticket",
            Self::Get(Kind::Client, _) => "get_client",
            Self::Get(Kind::Site, _) => "get_site",
            Self::Get(Kind::Asset, _) => "get_asset",
            Self::Write(Kind::Ticket) => "write_tickets",
            Self::Write(Kind::Client) => "write_clients",
            Self::Write(Kind::Site) => "write_sites",
            Self::Write(Kind::Asset) => "write_assets",
            Self::Actions => "list_actions",
            Self::Act => "add_actions",
            Self::Statuses => "list_statuses",
            Self::Outcomes => "list_outcomes",
            Self::Report(_) => "run_report",
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn access(self) -> Access {
        match self {
            Self::Write(_) | Self::Act => Access::Write,
            _ => Access::Read,
        }
    }

    /// The right that the operation takes: of the token's scopes and of the agent, both. Without one anybody may.
    pub(super) fn right(self) -> Option<&'static str> {
        match self {
            Self::List(kind) | Self::Get(kind, _) => Some(kind.rights().0),
            Self::Write(kind) => Some(kind.rights().1),
            Self::Actions | Self::Outcomes => Some(Kind::Ticket.rights().0),
            Self::Act => Some(Kind::Ticket.rights().1),
            _ => None,
        }
    }
}
