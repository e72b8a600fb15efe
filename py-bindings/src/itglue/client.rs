//! The client: which account it is of, and the handles for what is in it.

use itglue_client::{ApiKey, Client as ItGlue, Config, DocumentId, LocationId, Region};
use pyo3::prelude::*;

use super::configurations::{AioConfigurations, Configurations};
use super::failure::Failure;
use super::found::{Document, Location, PasswordCategory};
use super::organizations::{AioOrganizations, Organizations};
use super::passwords::{AioPasswords, Passwords};
use crate::errors;
use crate::held::Held;
use crate::rt::Timeout;
use crate::secret::AnySecret;
use crate::service::{Settings, configured};
use crate::twins::closing_twins;
use crate::values::Many;

type Handle = Held<ItGlue>;

fn region(name: &str) -> PyResult<Region> {
    match name {
        "us" => Ok(Region::NorthAmerica),
        "eu" => Ok(Region::Europe),
        "au" => Ok(Region::Australia),
        _ => Err(errors::argument("region", name, "is unknown", "use us, eu or au")),
    }
}

closing_twins! {
    /// A client for one account of IT Glue. It keeps its connections, and may be used by several threads.
    ///
    /// ``region`` is ``"us"``, ``"eu"`` or ``"au"``; ``base_url`` another address instead. Clients of one key share IT Glue's budget of 3000 requests in
    /// five minutes, and wait for it.
    ///
    /// Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    /// ``OutcomeUnknown``. ``attempts`` (8), ``backoff`` (1 and 64), ``deadline`` (420) and ``read_only`` as of ``dtc.ninjaone.Client``.
    "Client" in "dtc.itglue" and "dtc.itglue.aio", Failure: Client / AioClient(Handle) {
        both {
            #[new]
            #[pyo3(signature = (
                *, api_key, region = None, base_url = None, attempts = None, backoff = None, deadline = None, read_only = false
            ))]
            #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
            fn new(
                api_key: AnySecret,
                region: Option<String>,
                base_url: Option<String>,
                attempts: Option<u32>,
                backoff: Option<(Timeout, Timeout)>,
                deadline: Option<Timeout>,
                read_only: bool,
            ) -> PyResult<Self> {
                let mut config = Config::new(ApiKey::new(api_key.text()));
                if let Some(name) = region {
                    config = config.region(self::region(&name)?);
                }
                if let Some(url) = base_url {
                    config = config.base_url(url);
                }
                let config = configured!(config, Settings { attempts, backoff, deadline, read_only });
                Ok(Self(Held::new("client", ItGlue::new(config).map_err(Failure::from)?)))
            }

            #[expect(clippy::unused_self, reason = "Python calls it on the client, of which it shows nothing")]
            fn __repr__(&self) -> &'static str {
                "Client(api_key='***')"
            }
        }
        blocking {
            /// Organisations, and their locations.
            #[getter]
            fn organizations(&self) -> Organizations {
                Organizations(self.0.clone())
            }

            /// Configurations: devices, as IT Glue knows them.
            #[getter]
            fn configurations(&self) -> Configurations {
                Configurations(self.0.clone())
            }

            /// Passwords.
            #[getter]
            fn passwords(&self) -> Passwords {
                Passwords(self.0.clone())
            }
        }
        asyncio {
            /// Organisations, and their locations.
            #[getter]
            fn organizations(&self) -> AioOrganizations {
                AioOrganizations(self.0.clone())
            }

            /// Configurations: devices, as IT Glue knows them.
            #[getter]
            fn configurations(&self) -> AioConfigurations {
                AioConfigurations(self.0.clone())
            }

            /// Passwords.
            #[getter]
            fn passwords(&self) -> AioPasswords {
                AioPasswords(self.0.clone())
            }
        }

        /// Returns every category of passwords that the account has.
        #[pyo3(signature = (*, timeout = None))]
        Read "list_password_categories"
        fn password_categories() -> Many<PasswordCategory> = |itglue| {
            Ok(Many(itglue.password_categories().list().await?.into_iter().map(PasswordCategory::from).collect()))
        }

        /// Returns the location of this id. ``NotFound`` when there is none.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_location"
        fn location(id: u64) -> Location = |itglue| {
            Ok(itglue.locations().get(LocationId::new(id)).await?.into())
        }

        /// Returns the document of this id. ``NotFound`` when there is none. IT Glue lists documents for people alone, and not for an API key.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "get_document"
        fn document(id: u64) -> Document = |itglue| {
            Ok(itglue.documents().get(DocumentId::new(id)).await?.into())
        }
    }
}
