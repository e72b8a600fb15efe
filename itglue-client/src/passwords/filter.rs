//! Which passwords a list is to show.

use crate::ids::{PasswordCategoryId, PasswordId};
use crate::json_api::{self, Query};

/// Which passwords of an organisation a list is to show: those that fit everything that is said here.
///
/// A text with a comma is not looked for by IT Glue, which would take it for several: the list shows what it would show without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a filter does nothing until something is listed by it"]
pub struct PasswordFilter {
    query: Query,
}

impl PasswordFilter {
    /// All passwords, archived ones too.
    pub fn new() -> Self {
        Self::default()
    }

    /// Those of this label, in whatever letter case IT Glue takes for the same.
    pub fn name(self, name: impl Into<String>) -> Self {
        self.with("filter[name]", name)
    }

    /// The one of this id.
    pub fn id(self, id: PasswordId) -> Self {
        self.with("filter[id]", id.to_string())
    }

    /// Those of this category.
    pub fn category(self, id: PasswordCategoryId) -> Self {
        self.with("filter[password_category_id]", id.to_string())
    }

    /// Those for this address.
    pub fn url(self, url: impl Into<String>) -> Self {
        self.with("filter[url]", url)
    }

    /// Those that are embedded in something of this name.
    pub fn embedded_in(self, name: impl Into<String>) -> Self {
        self.with("filter[cached_resource_name]", name)
    }

    /// Those that are archived, or those that are not.
    pub fn archived(self, archived: bool) -> Self {
        self.with("filter[archived]", archived.to_string())
    }

    fn with(mut self, filter: &'static str, value: impl Into<String>) -> Self {
        json_api::set_filter(&mut self.query, filter, value.into());
        self
    }

    pub(super) fn query(&self) -> Query {
        self.query.clone()
    }
}
