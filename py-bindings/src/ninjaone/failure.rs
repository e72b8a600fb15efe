//! What went wrong with a call to NinjaOne, as the exceptions that Python knows.

use ninja_client::{Error, ErrorKind};

crate::service::service_failure! { Error, ErrorKind; with ScopeNotGranted => AuthError }
