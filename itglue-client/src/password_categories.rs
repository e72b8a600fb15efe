//! Password categories: what passwords are filed under.

use futures_util::TryStreamExt as _;
use http_core::ServiceClient;

use crate::error::Error;
use crate::ids::PasswordCategoryId;
use crate::json_api;
use crate::operations;
use crate::service::ItGlue;

json_api::resource_type! {
    /// A category; each account has its own.
    PasswordCategory, PasswordCategoryId;
    {
        /// Its name.
        name = "name": String,
    }
    {}
}

/// Reads password categories; from [`crate::Client::password_categories`].
#[derive(Clone, Copy, Debug)]
pub struct PasswordCategories<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

impl PasswordCategories<'_> {
    /// Every category of the account, of which there are a few dozen at most.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn list(&self) -> Result<Vec<PasswordCategory>, Error> {
        let operation = operations::LIST_PASSWORD_CATEGORIES;
        json_api::list(self.service, operation, "password_categories", vec![]).try_collect().await
    }
}
