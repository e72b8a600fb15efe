//! What went wrong with a call to IT Glue, as the exceptions that Python knows.

use itglue_client::{Error, ErrorKind};

crate::service::service_failure! {
    Error, ErrorKind; with Ambiguous => Conflict, Archived => Conflict, NotProven => DataAtRisk, NoValue => NotFound
}
