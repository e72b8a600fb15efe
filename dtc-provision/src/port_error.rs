//! Why a call of a port failed.

use std::fmt;
use std::io;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::outcome::Outcome;

/// Why a port's call failed, by what the caller does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PortErrorKind {
    /// The service cannot be reached, or gives no usable answer. Try again later.
    Unreachable,
    /// The service answers and asks for fewer requests, and still did when the last attempt was made. Try again later.
    RateLimited,
    /// The service does not accept the credentials. Correct them.
    CredentialsRejected,
    /// The credentials are accepted and may not do this. Give them the role or capability that the answer names.
    Unauthorized,
    /// A cap or limit of the account is reached, or the account is not ready. Put the account right.
    AccountLimit,
    /// What was asked for does not exist.
    NotFound,
    /// Somebody else owns it, or changed it since it was read. Read it again.
    Conflict,
    /// The service refuses the request, and says why.
    Refused,
    /// The service's release does not offer it; the answer names the release, and what to do instead.
    Unsupported,
    /// The request was sent and no answer came: whether it took effect is unknown. Look before anything else.
    OutcomeUnknown,
    /// The machine at the address is not the one expected; nothing was sent to it.
    WrongMachine,
    /// What arrived is not what was sent: its checksum differs, or a part of it is missing. Fetch it again.
    Damaged,
    /// The answer does not have the promised form, or its kind is not known here. A defect, here or there.
    NotUnderstood,
}

impl PortErrorKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Unreachable,
        Self::RateLimited,
        Self::CredentialsRejected,
        Self::Unauthorized,
        Self::AccountLimit,
        Self::NotFound,
        Self::Conflict,
        Self::Refused,
        Self::Unsupported,
        Self::OutcomeUnknown,
        Self::WrongMachine,
        Self::Damaged,
        Self::NotUnderstood,
    ];

    /// What a run comes to that such a failure ends (X6). A failed call proves nothing about data, so none is data at risk.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Unreachable
            | Self::RateLimited
            | Self::CredentialsRejected
            | Self::Unauthorized
            | Self::AccountLimit
            | Self::Unsupported => Outcome::Precondition,
            // Somebody must decide whether the machine at the address is the right one.
            Self::WrongMachine => Outcome::Blocked,
            Self::NotFound
            | Self::Conflict
            | Self::Refused
            | Self::OutcomeUnknown
            | Self::Damaged
            | Self::NotUnderstood => Outcome::Error,
        }
    }

    /// What a file's error is; one that is not known here is not understood.
    pub fn of_io(kind: io::ErrorKind) -> Self {
        use io::ErrorKind as Io;
        match kind {
            Io::NotFound => Self::NotFound,
            Io::PermissionDenied | Io::ReadOnlyFilesystem => Self::Unauthorized,
            Io::StorageFull | Io::QuotaExceeded => Self::AccountLimit,
            // Another program has the file, or was there first.
            Io::AlreadyExists | Io::ResourceBusy | Io::ExecutableFileBusy | Io::Deadlock => Self::Conflict,
            // The same file there never succeeds.
            Io::NotADirectory
            | Io::IsADirectory
            | Io::DirectoryNotEmpty
            | Io::InvalidFilename
            | Io::InvalidInput
            | Io::FileTooLarge
            | Io::NotSeekable
            | Io::TooManyLinks
            | Io::CrossesDevices
            | Io::Unsupported => Self::Refused,
            // A folder of another machine's, which is away, or a disk that takes too long.
            Io::ConnectionRefused
            | Io::ConnectionReset
            | Io::ConnectionAborted
            | Io::NotConnected
            | Io::HostUnreachable
            | Io::NetworkUnreachable
            | Io::NetworkDown
            | Io::StaleNetworkFileHandle
            | Io::TimedOut
            | Io::WouldBlock
            | Io::Interrupted
            | Io::OutOfMemory => Self::Unreachable,
            _ => Self::NotUnderstood,
        }
    }

    /// The code by which scripts and support know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "DTC-SERVICE-UNREACHABLE",
            Self::RateLimited => "DTC-SERVICE-RATE-LIMITED",
            Self::CredentialsRejected => "DTC-SERVICE-CREDENTIALS",
            Self::Unauthorized => "DTC-SERVICE-UNAUTHORIZED",
            Self::AccountLimit => "DTC-SERVICE-ACCOUNT-LIMIT",
            Self::NotFound => "DTC-SERVICE-NOT-FOUND",
            Self::Conflict => "DTC-SERVICE-CONFLICT",
            Self::Refused => "DTC-SERVICE-REFUSED",
            Self::Unsupported => "DTC-SERVICE-UNSUPPORTED",
            Self::OutcomeUnknown => "DTC-SERVICE-OUTCOME-UNKNOWN",
            Self::WrongMachine => "DTC-SERVICE-WRONG-MACHINE",
            Self::Damaged => "DTC-SERVICE-DAMAGED",
            Self::NotUnderstood => "DTC-SERVICE-NOT-UNDERSTOOD",
        }
    }
}

/// A service, by the part it plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Backblaze B2.
    ObjectStore,
    /// The appliance.
    Appliance,
    /// NinjaOne.
    Inventory,
    /// IT Glue.
    Vault,
    /// Where completion is documented.
    Tickets,
}

/// A failed call of a port: what was attempted, on what, and what came back.
#[derive(Clone, Debug)]
pub struct PortError {
    kind: PortErrorKind,
    service: Option<Service>,
    attempted: String,
    answer: String,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl PortError {
    /// An error of this kind: what was attempted and what came back, each on one line and without the secrets that live in this process.
    pub fn new(kind: PortErrorKind, attempted: impl Into<String>, answer: impl Into<String>) -> Self {
        let shown = |text: String| safe_text::safe(&text).into_owned();
        let (attempted, answer) = (shown(attempted.into()), shown(answer.into()));
        Self { kind, service: None, attempted, answer, source: None }
    }

    /// The same error, of this service's.
    #[must_use]
    pub fn from_service(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// The same error with the one beneath it.
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Why it failed.
    pub fn kind(&self) -> PortErrorKind {
        self.kind
    }

    /// Whose answer it is, where that is known.
    pub fn service(&self) -> Option<Service> {
        self.service
    }

    /// What was attempted.
    pub fn attempted(&self) -> &str {
        &self.attempted
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.attempted, self.answer)
    }
}

impl std::error::Error for PortError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Errors are equal when they say the same; what lies beneath is for logs.
impl PartialEq for PortError {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, &self.attempted, &self.answer) == (other.kind, &other.attempted, &other.answer)
    }
}

impl Serialize for PortError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            kind: PortErrorKind,
            code: &'static str,
            service: Option<Service>,
            attempted: &'a str,
            answer: &'a str,
        }
        let Self { kind, service, attempted, answer, .. } = self;
        Shown { kind: *kind, code: kind.code(), service: *service, attempted, answer }.serialize(serializer)
    }
}
