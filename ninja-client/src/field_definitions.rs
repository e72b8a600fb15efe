//! Definitions of custom fields.

use futures_util::Stream;
use http_core::ServiceClient;

use crate::ask::Ask;
use crate::calls::calls;
use crate::error::Error;
use crate::field_value::FieldName;
use crate::operations;
use crate::pages;
use crate::parameters::Parameters;
use crate::secret::SignedUrls;
use crate::service::Ninja;
use crate::shapes::{
    DefinitionScope, FieldDefinition, FieldDefinitionChange, FieldDefinitionChanges, NewFieldDefinition,
    NewFieldDefinitions,
};

/// Definitions of custom fields; from [`crate::Client::field_definitions`].
#[derive(Clone, Copy, Debug)]
pub struct FieldDefinitions<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

calls! { FieldDefinitions:
    /// Defines a field.
    create = CREATE_FIELD_DEFINITION [] { new: NewFieldDefinition } -> FieldDefinition;
    /// Changes a definition.
    update = UPDATE_FIELD_DEFINITION [name: &FieldName] { change: FieldDefinitionChange } -> FieldDefinition;
    /// Deletes a definition, and with it every value of the field, on every entity: there is no way back.
    delete_with_all_values = DELETE_FIELD_DEFINITION [name: &FieldName];
    /// Defines several fields, or none of them.
    create_all = CREATE_FIELD_DEFINITIONS [] { new: NewFieldDefinitions } -> Vec<FieldDefinition>;
    /// Changes several definitions, or none of them.
    update_all = UPDATE_FIELD_DEFINITIONS [] { change: FieldDefinitionChanges } -> Vec<FieldDefinition>;
    /// Addresses from which whoever has them reads the attachments of an entity's fields: treat them as secrets. Counted as a write for that reason.
    signed_urls = SIGN_FIELD_ATTACHMENTS [entity_type: DefinitionScope, entity: i32] -> SignedUrls;
}

/// Definitions asked for in one page; 5 to 500 are allowed.
const PAGE_SIZE: u32 = 500;

impl FieldDefinitions<'_> {
    /// Every definition, page by page as the stream is read. Instances with older builds lack this call: see [`all`](Self::all).
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list(&self) -> impl Stream<Item = Result<FieldDefinition, Error>> + Send + use<> {
        let everything = Parameters::new();
        pages::cursored(
            self.service,
            operations::LIST_FIELD_DEFINITIONS,
            &everything,
            ("cursorName", PAGE_SIZE),
            (pages::LIMITS, pages::BYTES),
        )
    }

    /// Every definition of every scope in one answer, by the older call that every instance has.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn all(&self) -> Result<Vec<FieldDefinition>, Error> {
        Ask::new(self.service, operations::LIST_DEVICE_FIELD_DEFINITIONS).query("scopes", "all").send().await
    }

    /// The definition of this name.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, name: &FieldName) -> Result<FieldDefinition, Error> {
        Ask::new(self.service, operations::GET_FIELD_DEFINITION).at(name).send().await
    }

    /// Deletes several definitions, or none, and with them every value of these fields: there is no way back. Answers the names.
    ///
    /// # Errors
    /// Any kind that a call can end in.
    pub async fn delete_several_with_all_values(&self, names: &[FieldName]) -> Result<Vec<String>, Error> {
        let names: Vec<&str> = names.iter().map(FieldName::as_str).collect();
        Ask::new(self.service, operations::DELETE_FIELD_DEFINITIONS)
            .query("fieldNames", names.join(","))
            .send()
            .await
    }
}
