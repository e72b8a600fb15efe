//! What answers at an address, found out without logging in.

use http_core::{
    Call as HttpCall, Disposition, ErrorKind as HttpErrorKind, Method, ResponseHead, ServiceError,
};

use crate::dialect::Dialect;
use crate::dialer::{Dialer, unreachable};
use crate::error::{Error, ErrorKind};
use crate::operations;

/// The list of versions is a few hundred bytes long, and whatever answers there has shown no credential.
const VERSIONS_LIMIT: u64 = 64 << 10;

/// A refusal's code, when what refuses is the web server of an older appliance.
const OLDER: &str = "older";

/// What answers at an address.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// An appliance of 25.04 or newer, which lists its versions.
    Versions(Dialect),
    /// An appliance that lists none: its release is known after logging in.
    Older,
    /// Nothing says that it is an appliance; an old one behind a web server of somebody else's looks like this too.
    Doubtful,
}

impl Dialer {
    /// Asks which versions of the interface the appliance offers.
    pub(crate) async fn probe(&self) -> Result<Found, Error> {
        let operation = operations::API_VERSIONS;
        let url = format!("{}/api/versions", self.config.address.http_origin());
        let call = HttpCall::new(operation, Method::Get, url)
            .single_attempt(self.connect_limit())
            .longest_answer(VERSIONS_LIMIT);
        let failed = |kind| Error::new(operation.name(), self.subject(), kind);
        let offered: Vec<String> = match Box::pin(self.http.send(call, of_versions)).await {
            Ok(offered) => offered,
            Err(cause) if cause.kind() == HttpErrorKind::NotFound => {
                let is_older = cause.refusal().is_some_and(|said| said.code.as_deref() == Some(OLDER));
                return Ok(if is_older { Found::Older } else { Found::Doubtful });
            }
            Err(cause) => {
                return Err(match cause.refusal().map(|refusal| refusal.status) {
                    // Asked for HTTP/1.1, it wants another version.
                    Some(status @ (426 | 505)) => failed(ErrorKind::SocketBlocked {
                        found: format!("HTTP status {status}: it wants another version of HTTP than 1.1"),
                    }),
                    // Whatever answered there is not the middleware, or not yet.
                    Some(_) => unreachable(operation.name(), self.subject(), cause),
                    None => Error::http(self.subject(), cause),
                });
            }
        };
        Dialect::of_versions(&offered).map(Found::Versions).map_err(failed)
    }
}

/// What the answer about versions means: 25.04 and newer list them. The web server of older releases sends every page that it does
/// not know to the interface for people, or shows that interface.
fn of_versions(head: &ResponseHead, body: &[u8]) -> Disposition {
    let to_ui = |to: &str| to.trim_end_matches('/').ends_with("/ui");
    let to_people = head.status() == 302 && head.header("location").is_some_and(to_ui);
    let for_people = head.is_success() && body.trim_ascii_start().starts_with(b"<");
    let named =
        [&b"TrueNAS"[..], b"FreeNAS"].iter().any(|name| body.windows(name.len()).any(|part| part == *name));
    if to_people || (for_people && named) {
        return Disposition::Fail(ServiceError::new(head).kind(HttpErrorKind::NotFound).code(OLDER));
    }
    if for_people {
        return Disposition::Fail(ServiceError::new(head).kind(HttpErrorKind::NotFound));
    }
    Disposition::by_status(head)
}
