//! Customers, their sites and their assets.

use halo_client::{AssetId, Client as Halo, CustomerId, FieldName, FieldPatch, SiteId};
use pyo3::prelude::*;
use serde_json::Value;

use super::failure::Failure;
use super::found::{
    AioListedAssets, AioListedCustomers, AioListedSites, Asset, Customer, ListedAssets, ListedCustomers,
    ListedSites, Site,
};
use crate::errors;
use crate::held::Held;
use crate::json::Members;
use crate::rows::Rows;
use crate::twins::twins;
use crate::values::Many;

type Handle = Held<Halo>;

/// What is to be changed of custom fields: a text sets its field, a number chooses an option, `None` empties it.
pub(super) fn patch(Members(fields): Members) -> Result<FieldPatch, Failure> {
    let mut patch = FieldPatch::new();
    for (field, value) in fields {
        let name = FieldName::new(field.as_str())?;
        patch = match (&value, value.as_i64()) {
            (Value::Null, _) => patch.clear(&name),
            (Value::String(text), _) => patch.text(&name, text),
            (_, Some(option)) => patch.option(&name, option),
            _ => {
                let remedy = "give a text, the number of an option, or None";
                return Err(errors::argument("custom field", &field, "has no such value", remedy).into());
            }
        };
    }
    Ok(patch)
}

twins! {
    /// Customers.
    "Customers" in "dtc.halopsa" and "dtc.halopsa.aio", Failure: Customers / AioCustomers(Handle) {
        both {}
        blocking {
            /// Lists every customer. None may mean that the agent may see none.
            fn list(&self) -> PyResult<ListedCustomers> {
                Ok(ListedCustomers(Rows::new("list_customers", self.0.ready()?.customers().list())))
            }

            /// Lists customers in which HaloPSA finds this text. Where it looks is its own affair.
            fn search(&self, text: &str) -> PyResult<ListedCustomers> {
                Ok(ListedCustomers(Rows::new("list_customers", self.0.ready()?.customers().search(text))))
            }
        }
        asyncio {
            /// Lists every customer. None may mean that the agent may see none.
            fn list(&self) -> PyResult<AioListedCustomers> {
                Ok(AioListedCustomers(Rows::new("list_customers", self.0.ready()?.customers().list())))
            }

            /// Lists customers in which HaloPSA finds this text. Where it looks is its own affair.
            fn search(&self, text: &str) -> PyResult<AioListedCustomers> {
                Ok(AioListedCustomers(Rows::new("list_customers", self.0.ready()?.customers().search(text))))
            }
        }

        /// Returns every customer of exactly this name; there may be none, or several.
        #[pyo3(signature = (name, *, timeout = None))]
        Read "list_customers"
        fn find(name: String) -> Many<Customer> = |halo| {
            let found = halo.customers().find(&name).await?;
            Ok(Many(found.into_iter().map(Customer::from).collect()))
        }

        /// Returns the customer of this id, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_customer"
        fn get(id: i64) -> Customer = |halo| {
            Ok(halo.customers().get(CustomerId::new(id)).await?.into())
        }

        /// Changes custom fields of a customer, reads them back, and returns the customer as it is then. A text sets its field, a number chooses an
        /// option of a dropdown, ``None`` empties it; fields that are not named stay.
        #[pyo3(signature = (id, fields, *, timeout = None))]
        Write "update_customer"
        fn update(id: i64, fields: Members) -> Customer = |halo| {
            Ok(halo.customers().update(CustomerId::new(id), &patch(fields)?).await?.into())
        }
    }
}

twins! {
    /// Sites of customers.
    "Sites" in "dtc.halopsa" and "dtc.halopsa.aio", Failure: Sites / AioSites(Handle) {
        both {}
        blocking {
            /// Lists every site.
            fn list(&self) -> PyResult<ListedSites> {
                Ok(ListedSites(Rows::new("list_sites", self.0.ready()?.sites().list())))
            }
        }
        asyncio {
            /// Lists every site.
            fn list(&self) -> PyResult<AioListedSites> {
                Ok(AioListedSites(Rows::new("list_sites", self.0.ready()?.sites().list())))
            }
        }

        /// Returns the sites of a customer.
        #[pyo3(signature = (customer, *, timeout = None))]
        Read "list_sites"
        fn of(customer: i64) -> Many<Site> = |halo| {
            let found = halo.sites().of(CustomerId::new(customer)).await?;
            Ok(Many(found.into_iter().map(Site::from).collect()))
        }

        /// Returns the site of this id, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_site"
        fn get(id: i64) -> Site = |halo| {
            Ok(halo.sites().get(SiteId::new(id)).await?.into())
        }
    }
}

twins! {
    /// Assets: devices of customers.
    "Assets" in "dtc.halopsa" and "dtc.halopsa.aio", Failure: Assets / AioAssets(Handle) {
        both {}
        blocking {
            /// Lists the assets of a customer, or of all where none is named.
            #[pyo3(signature = (customer = None))]
            fn list(&self, customer: Option<i64>) -> PyResult<ListedAssets> {
                let rows = self.0.ready()?.assets().list(customer.map(CustomerId::new));
                Ok(ListedAssets(Rows::new("list_assets", rows)))
            }
        }
        asyncio {
            /// Lists the assets of a customer, or of all where none is named.
            #[pyo3(signature = (customer = None))]
            fn list(&self, customer: Option<i64>) -> PyResult<AioListedAssets> {
                let rows = self.0.ready()?.assets().list(customer.map(CustomerId::new));
                Ok(AioListedAssets(Rows::new("list_assets", rows)))
            }
        }

        /// Returns the asset of this id, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_asset"
        fn get(id: u64) -> Asset = |halo| {
            Ok(halo.assets().get(AssetId::new(id)).await?.into())
        }

        /// Changes custom fields of an asset, reads them back, and returns the asset as it is then; as ``Customers.update``.
        #[pyo3(signature = (id, fields, *, timeout = None))]
        Write "update_asset"
        fn update(id: u64, fields: Members) -> Asset = |halo| {
            Ok(halo.assets().update(AssetId::new(id), &patch(fields)?).await?.into())
        }
    }
}
