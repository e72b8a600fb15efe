//! Customers: the organisations that are served. HaloPSA says *client*.

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, ServiceClient};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::fields::{CustomFields, FieldPatch};
use crate::ids::CustomerId;
use crate::operations;
use crate::service::Halo;
use crate::wire::{self, Filter, Record, lenient};

/// A customer. A list shows less of it than [`Customers::get`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// Its name; neither unique nor stable.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// Whether it is no customer any more.
    #[serde(default, rename = "inactive", deserialize_with = "lenient")]
    pub is_inactive: Option<bool>,
    /// Its custom fields; lists show none.
    #[serde(default, rename = "customfields")]
    pub custom_fields: CustomFields,
    /// Whatever else HaloPSA shows of it.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

impl Record for Customer {
    type Id = CustomerId;

    fn id(&self) -> CustomerId {
        self.id
    }
}

#[derive(Serialize)]
struct Update<'a> {
    id: CustomerId,
    customfields: &'a FieldPatch,
}

/// Reads and changes customers; from [`crate::Client::customers`].
#[derive(Clone, Copy, Debug)]
pub struct Customers<'a> {
    pub(crate) service: &'a ServiceClient<Halo>,
}

impl Customers<'_> {
    /// Every customer, page by page as the stream is read. None may mean that the agent may see none.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub fn list(&self) -> impl Stream<Item = Result<Customer, Error>> + Send + use<> {
        wire::list(self.service, operations::LIST_CUSTOMERS, PATH, "clients", Filter::none())
    }

    /// Customers in which HaloPSA finds this text. Where it looks is its own affair.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub fn search(&self, text: &str) -> impl Stream<Item = Result<Customer, Error>> + Send + use<> {
        let filter = Filter { parameters: vec![("search", text.to_owned())], ..Filter::none() };
        wire::list(self.service, operations::LIST_CUSTOMERS, PATH, "clients", filter)
    }

    /// Every customer of exactly this name; there may be none, or several.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn find(&self, name: &str) -> Result<Vec<Customer>, Error> {
        let mut found: Vec<Customer> = self.search(name).try_collect().await?;
        found.retain(|customer| customer.name.as_deref() == Some(name));
        Ok(found)
    }

    /// The customer of this id, with its custom fields.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: CustomerId) -> Result<Customer, Error> {
        let operation = operations::GET_CUSTOMER;
        let call = Call::new(operation, Method::Get, format!("{PATH}/{id}")).query("includedetails", true);
        wire::one(self.service, call.subject(format!("client {id}")), operation, id).await
    }

    /// Changes custom fields of a customer, reads them back, and returns the customer as it is then. Fields that the change does not name
    /// stay as they are.
    ///
    /// # Errors
    /// [`ErrorKind::NotStored`] when the change does not show afterwards, as where HaloPSA does not know the field, else any kind.
    pub async fn update(&self, id: CustomerId, fields: &FieldPatch) -> Result<Customer, Error> {
        let operation = operations::UPDATE_CUSTOMER;
        let call = wire::write(operation, PATH, &Update { id, customfields: fields });
        self.service.send::<Value>(call.subject(format!("client {id}"))).await?;
        let customer = self.get(id).await?;
        match fields.not_in(&customer.custom_fields) {
            Some(field) => {
                let lost = format!("{field} does not hold what was written");
                let subject = format!("client {id}");
                Err(Error::of_answer(ErrorKind::NotStored, operation.name(), subject, lost))
            }
            None => Ok(customer),
        }
    }
}

const PATH: &str = "api/Client";
