//! Contacts.

use http_core::ServiceClient;

use crate::calls::calls;
use crate::ids::ContactId;
use crate::service::Ninja;
use crate::shapes::{Contact, ContactChange, NewContact};

/// Contacts; from [`crate::Client::contacts`].
#[derive(Clone, Copy, Debug)]
pub struct Contacts<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

calls! { Contacts:
    /// Every contact.
    list = LIST_CONTACTS [] -> Vec<Contact>;
    /// One contact.
    get = GET_CONTACT [id: ContactId] -> Contact;
    /// Adds a contact. Asked twice, it adds two.
    create = CREATE_CONTACT [] { new: NewContact } -> Contact;
    /// Changes what `change` names.
    update = UPDATE_CONTACT [id: ContactId] { change: ContactChange } -> Contact;
    /// Removes a contact.
    delete = DELETE_CONTACT [id: ContactId];
}
