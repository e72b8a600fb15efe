//! What went wrong with a call to HaloPSA, as the exceptions that Python knows.

use halo_client::{Error, ErrorKind};

crate::service::service_failure! { Error, ErrorKind; with }
