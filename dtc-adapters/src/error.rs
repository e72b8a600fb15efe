//! What a client's failure means to provisioning.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use dtc_provision::{PortError, PortErrorKind, Service};

/// A client's error, which knows what it means to whoever called.
pub(crate) trait ClientError: StdError + Send + Sync + 'static {
    /// Whose client it is.
    const SERVICE: Service;

    fn port_kind(&self) -> PortErrorKind;
}

/// Says what was attempted when a client's call has failed.
pub(crate) trait Attempt<T> {
    fn attempting(self, what: impl fmt::Display) -> Result<T, PortError>;
}

impl<T, E: ClientError> Attempt<T> for Result<T, E> {
    fn attempting(self, what: impl fmt::Display) -> Result<T, PortError> {
        self.map_err(|error| failed(what, error))
    }
}

/// The port's error for a client's.
pub(crate) fn failed<E: ClientError>(attempted: impl fmt::Display, error: E) -> PortError {
    let answered = PortError::new(error.port_kind(), attempted.to_string(), error.to_string());
    let answered = answered.from_service(E::SERVICE);
    match error.source() {
        Some(_) => answered.caused_by(Beneath(error)),
        None => answered,
    }
}

/// An answer that does not mean what it should.
pub(crate) fn not_understood(attempted: impl fmt::Display, answer: impl Into<String>) -> PortError {
    PortError::new(PortErrorKind::NotUnderstood, attempted.to_string(), answer)
}

/// Something that is asked for and that the service, or its client, does not take.
pub(crate) fn refused(attempted: impl fmt::Display, answer: impl Into<String>) -> PortError {
    PortError::new(PortErrorKind::Refused, attempted.to_string(), answer)
}

/// An id that the service cannot have issued.
pub(crate) fn parsed<T: std::str::FromStr>(id: &str, of: &'static str) -> Result<T, PortError> {
    id.parse().map_err(|_| {
        let answer = format!("{id:?} is no id of {of}");
        PortError::new(PortErrorKind::NotFound, format!("look up {of} by id"), answer)
    })
}

/// What a service wrote, as a value of ours.
pub(crate) fn understood<T>(text: &impl fmt::Display, attempted: &str) -> Result<T, PortError>
where
    T: std::str::FromStr<Err: StdError>,
{
    text.to_string().parse().map_err(|error: T::Err| not_understood(attempted, error.to_string()))
}

/// What lies beneath a client's error; the error's own sentence is the port's answer already.
#[derive(Debug)]
struct Beneath<E>(E);

impl<E: StdError> fmt::Display for Beneath<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.source().map_or(Ok(()), |source| fmt::Display::fmt(source, f))
    }
}

impl<E: StdError> StdError for Beneath<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()?.source()
    }
}

// Every kind is mapped by name, and a test lists them. A kind that a newer client adds is not understood here, since that
// claims least: nothing is refused and nothing is at risk.

impl ClientError for b2_client::Error {
    const SERVICE: Service = Service::ObjectStore;

    fn port_kind(&self) -> PortErrorKind {
        of_b2(self.kind())
    }
}

impl ClientError for truenas_client::Error {
    const SERVICE: Service = Service::Appliance;

    fn port_kind(&self) -> PortErrorKind {
        of_truenas(self.kind())
    }
}

impl ClientError for ninja_client::Error {
    const SERVICE: Service = Service::Inventory;

    fn port_kind(&self) -> PortErrorKind {
        of_ninja(self.kind())
    }
}

impl ClientError for itglue_client::Error {
    const SERVICE: Service = Service::Vault;

    fn port_kind(&self) -> PortErrorKind {
        of_itglue(self.kind())
    }
}

impl ClientError for halo_client::Error {
    const SERVICE: Service = Service::Tickets;

    fn port_kind(&self) -> PortErrorKind {
        of_halo(self.kind())
    }
}

fn of_b2(kind: &b2_client::ErrorKind) -> PortErrorKind {
    use b2_client::ErrorKind as B2;
    match kind {
        B2::NameTaken | B2::RevisionConflict => PortErrorKind::Conflict,
        B2::CredentialsRejected | B2::KeyTooNew => PortErrorKind::CredentialsRejected,
        B2::Unauthorized { .. } | B2::AccessDenied => PortErrorKind::Unauthorized,
        B2::CapExceeded | B2::AccountNotReady | B2::TooManyBuckets => PortErrorKind::AccountLimit,
        B2::NotFound | B2::LargeFileGone => PortErrorKind::NotFound,
        B2::RateLimited => PortErrorKind::RateLimited,
        B2::Unreachable | B2::SourceFailed | B2::DestinationFailed => PortErrorKind::Unreachable,
        B2::OutcomeUnknown => PortErrorKind::OutcomeUnknown,
        // B2 names every refusal: one without a code is another program's, such as a proxy's.
        B2::Unclassified { code, .. } if code.is_empty() => PortErrorKind::NotUnderstood,
        B2::InvalidRequest
        | B2::ReadOnly
        | B2::BucketNotEmpty
        | B2::LockConflict
        | B2::Locked
        | B2::AlreadyHidden
        | B2::TooLargeToCopy
        | B2::RangeNotSatisfiable
        | B2::Unclassified { .. } => PortErrorKind::Refused,
        B2::ChecksumMismatch => PortErrorKind::Damaged,
        _ => PortErrorKind::NotUnderstood,
    }
}

fn of_truenas(kind: &truenas_client::ErrorKind) -> PortErrorKind {
    use truenas_client::ErrorKind as Nas;
    match kind {
        Nas::PinMismatch { .. } | Nas::Untrusted | Nas::NotTrueNas | Nas::NotProven | Nas::Standby { .. } => {
            PortErrorKind::WrongMachine
        }
        Nas::CredentialsRejected | Nas::CredentialsExpired | Nas::OneTimeCodeRequired => {
            PortErrorKind::CredentialsRejected
        }
        Nas::Unauthorized | Nas::ApiAccessDenied | Nas::AddressNotAllowed => PortErrorKind::Unauthorized,
        Nas::NotFound | Nas::JobVanished { .. } => PortErrorKind::NotFound,
        Nas::RateLimited => PortErrorKind::RateLimited,
        Nas::Unreachable | Nas::SocketBlocked { .. } => PortErrorKind::Unreachable,
        Nas::Unsupported { .. } => PortErrorKind::Unsupported,
        Nas::OutcomeUnknown | Nas::JobUnfinished { .. } => PortErrorKind::OutcomeUnknown,
        Nas::InvalidRequest { .. }
        | Nas::ReadOnly
        | Nas::Validation { .. }
        | Nas::NotStarted { .. }
        | Nas::JobFailed { .. }
        | Nas::JobAborted { .. }
        | Nas::Rejected { .. }
        | Nas::RedactedSecret { .. }
        | Nas::TooLong { .. } => PortErrorKind::Refused,
        _ => PortErrorKind::NotUnderstood,
    }
}

fn of_ninja(kind: ninja_client::ErrorKind) -> PortErrorKind {
    use ninja_client::ErrorKind as Ninja;
    match kind {
        Ninja::CredentialsRejected => PortErrorKind::CredentialsRejected,
        Ninja::Unauthorized | Ninja::ScopeNotGranted => PortErrorKind::Unauthorized,
        Ninja::OutcomeUnknown => PortErrorKind::OutcomeUnknown,
        Ninja::NotFound => PortErrorKind::NotFound,
        Ninja::RateLimited => PortErrorKind::RateLimited,
        Ninja::Unreachable => PortErrorKind::Unreachable,
        Ninja::InvalidRequest | Ninja::ReadOnly | Ninja::Rejected | Ninja::Unclassified => {
            PortErrorKind::Refused
        }
        _ => PortErrorKind::NotUnderstood,
    }
}

fn of_itglue(kind: itglue_client::ErrorKind) -> PortErrorKind {
    use itglue_client::ErrorKind as ItGlue;
    match kind {
        ItGlue::CredentialsRejected => PortErrorKind::CredentialsRejected,
        ItGlue::Unauthorized => PortErrorKind::Unauthorized,
        ItGlue::NotFound | ItGlue::NoValue | ItGlue::Archived => PortErrorKind::NotFound,
        ItGlue::RateLimited => PortErrorKind::RateLimited,
        ItGlue::Unreachable => PortErrorKind::Unreachable,
        ItGlue::OutcomeUnknown => PortErrorKind::OutcomeUnknown,
        ItGlue::InvalidRequest
        | ItGlue::ReadOnly
        | ItGlue::Rejected
        | ItGlue::Ambiguous
        | ItGlue::Unclassified => PortErrorKind::Refused,
        _ => PortErrorKind::NotUnderstood,
    }
}

fn of_halo(kind: halo_client::ErrorKind) -> PortErrorKind {
    use halo_client::ErrorKind as Halo;
    match kind {
        Halo::CredentialsRejected => PortErrorKind::CredentialsRejected,
        Halo::Unauthorized => PortErrorKind::Unauthorized,
        Halo::NotFound => PortErrorKind::NotFound,
        Halo::RateLimited => PortErrorKind::RateLimited,
        Halo::Unreachable => PortErrorKind::Unreachable,
        Halo::OutcomeUnknown => PortErrorKind::OutcomeUnknown,
        Halo::InvalidRequest
        | Halo::ReadOnly
        | Halo::Rejected
        | Halo::FilterIgnored
        | Halo::NotStored
        | Halo::Unclassified => PortErrorKind::Refused,
        _ => PortErrorKind::NotUnderstood,
    }
}

/// Of files: those of tickets.
impl ClientError for io::Error {
    const SERVICE: Service = Service::Tickets;

    fn port_kind(&self) -> PortErrorKind {
        PortErrorKind::of_io(self.kind())
    }
}

#[cfg(test)]
mod kinds;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Failure(&'static str, Option<Box<Failure>>);

    impl fmt::Display for Failure {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl StdError for Failure {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            self.1.as_deref().map(|beneath| beneath as _)
        }
    }

    impl ClientError for Failure {
        const SERVICE: Service = Service::Appliance;

        fn port_kind(&self) -> PortErrorKind {
            PortErrorKind::Refused
        }
    }

    #[test]
    fn an_error_says_each_thing_once() {
        let socket = Failure("the line is dead", None);
        let error = Failure("no answer", Some(Box::new(Failure("three attempts", Some(Box::new(socket))))));
        let port = failed("ask the appliance", error);
        let mut chain = vec![port.to_string()];
        let mut next = port.source();
        while let Some(error) = next {
            chain.push(error.to_string());
            next = error.source();
        }
        assert_eq!(chain, ["ask the appliance: no answer", "three attempts", "the line is dead"]);
        assert!(failed("ask", Failure("no", None)).source().is_none());
    }

    #[test]
    fn a_rule_that_is_broken_is_a_refusal_and_a_missing_file_is_not_found() {
        let refused = "ws://nas.example.net".parse::<truenas_client::Address>().unwrap_err();
        assert_eq!(refused.port_kind(), PortErrorKind::Refused);
        let gone = std::io::Error::from(std::io::ErrorKind::NotFound);
        assert_eq!(gone.port_kind(), PortErrorKind::NotFound);
    }

    #[test]
    fn an_id_that_cannot_be_is_not_found() {
        let error = parsed::<i64>("seven", "a task").unwrap_err();
        assert_eq!(error.kind(), PortErrorKind::NotFound);
        assert!(error.to_string().contains("\"seven\""));
    }
}
