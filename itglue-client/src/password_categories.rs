//! Password categories: what passwords are filed under.

use futures_util::TryStreamExt as _;
use http_core::ServiceClient;
use serde::Deserialize;

use crate::error::Error;
use crate::ids::PasswordCategoryId;
use crate::json_api::{self, Resource};
use crate::operations;
use crate::service::ItGlue;

/// A category; each account has its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordCategory {
    /// Its id.
    pub id: PasswordCategoryId,
    /// Its name.
    pub name: String,
}

/// Reads password categories; from [`crate::Client::password_categories`].
#[derive(Clone, Copy, Debug)]
pub struct PasswordCategories<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

#[derive(Deserialize)]
struct Attributes {
    name: String,
}

impl PasswordCategories<'_> {
    /// Every category of the account, of which there are a few dozen at most.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn list(&self) -> Result<Vec<PasswordCategory>, Error> {
        let path = "password_categories".to_owned();
        json_api::list(self.service, operations::LIST_PASSWORD_CATEGORIES, path, vec![])
            .map_ok(|row: Resource<_, Attributes>| PasswordCategory { id: row.id, name: row.attributes.name })
            .try_collect()
            .await
    }
}
