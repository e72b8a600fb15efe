//! Application keys: create, list, delete.

use std::time::Duration;

use b2_client::keys::{CreateKey, KeyCompat};
use b2_client::{Capability, KeyId, KeyName};
use pyo3::prelude::*;

use super::arguments::{AnyBucket, invalid_name};
use super::failure::Failure;
use super::handle::Handle;
use super::listing::{AioListedKeys, ListedKeys};
use super::secrets::NewKey;
use crate::crypt::Secret;
use crate::errors;
use crate::rows::Rows;
use crate::rt::call_python;
use crate::twins::twins;
use crate::values::Nothing;

fn compat(name: &str) -> PyResult<KeyCompat> {
    match name {
        "current" => Ok(KeyCompat::Current),
        "v3_single_bucket" => Ok(KeyCompat::V3SingleBucket),
        _ => Err(errors::argument("compat", name, "is unknown", "use current or v3_single_bucket")),
    }
}

twins! {
    /// The application keys of an account.
    "Keys" in "dtc.b2" and "dtc.b2.aio", Failure: Keys / AioKeys(Handle) {
        both {}
        blocking {
            /// Lists all keys of the account, each once, page after page as they are asked for.
            fn list(&self) -> PyResult<ListedKeys> {
                Ok(ListedKeys(Rows::new("b2_list_keys", self.0.ready()?.client.keys().list())))
            }
        }
        asyncio {
            /// Lists all keys of the account, each once, page after page as they are asked for.
            fn list(&self) -> PyResult<AioListedKeys> {
                Ok(AioListedKeys(Rows::new("b2_list_keys", self.0.ready()?.client.keys().list())))
            }
        }

        /// Creates a key and returns it with its secret, which is never shown again.
        ///
        /// It is restricted to ``buckets`` and to names that begin with ``name_prefix``, if they are given, and expires after ``valid_for``
        /// (at least a second, less than 1000 days). ``compat="v3_single_bucket"`` makes one that programs of the API's version 3 accept.
        ///
        /// ``OutcomeUnknown`` when the answer was lost: a key may exist whose secret nobody knows, which ``list`` shows.
        #[pyo3(signature = (
            name, capabilities, *, buckets = Vec::new(), name_prefix = None, valid_for = None,
            compat = String::from("current"), timeout = None
        ))]
        Write "b2_create_key"
        fn create(
            name: String,
            capabilities: Vec<String>,
            buckets: Vec<AnyBucket>,
            name_prefix: Option<String>,
            valid_for: Option<Duration>,
            compat: String,
        ) -> NewKey = |b2| {
            let name = KeyName::new(name).map_err(|invalid| invalid_name(&invalid))?;
            let mut request = CreateKey::new(name, capabilities.iter().map(|name| Capability::from_name(name)))
                .compat(self::compat(&compat)?);
            for bucket in &buckets {
                request = request.in_bucket(bucket.parse()?);
            }
            if let Some(prefix) = name_prefix {
                request = request.name_prefix(prefix);
            }
            if let Some(duration) = valid_for {
                request = request.valid_for(duration);
            }
            let created = b2.client.keys().create(&request).await?;
            let secret = call_python(|py| Py::new(py, Secret::of(created.secret.expose())))?;
            Ok::<_, Failure>(NewKey::of(created.key.into(), secret))
        }

        /// Deletes a key, by its id: programs that use it are refused from then on.
        #[pyo3(signature = (key_id, *, timeout = None))]
        Write "b2_delete_key"
        fn delete(key_id: String) -> Nothing = |b2| {
            b2.client.keys().delete(&KeyId::new(key_id)).await?;
            Ok(Nothing)
        }
    }
}
