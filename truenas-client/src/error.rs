//! What went wrong, in kinds that each call for another reaction.

mod roles;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http_core::{Failure, Obstacle};
use safe_text::safe;

pub use crate::fields::FieldError;
pub(crate) use crate::fields::fields;
use crate::fingerprint::Sha256Fingerprint;
use crate::ids::JobId;
use crate::tls_error::{Mismatch, speaks_http_2_only};

http_core::client_error! {
    /// What went wrong, with which call, on which appliance.
    ///
    /// It never holds a secret, the body of a message, or the middleware's own trace.
    Error, ErrorKind
}

/// What to do about an error depends on which of these it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An address, fingerprint or other setting breaks a rule: the same one never succeeds. Nothing was sent.
    #[error("{reason}")]
    InvalidRequest {
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// The client is read-only and the operation is not a read. Nothing was sent.
    #[error("the client is read-only and this is not a read; nothing was sent")]
    ReadOnly,
    /// The appliance showed another certificate than the pinned one. No credential was sent.
    #[error(
        "the appliance shows certificate {found}, pinned is {expected}: if the appliance's certificate was renewed, check it there and pin the new one"
    )]
    PinMismatch {
        /// The fingerprint in the configuration.
        expected: Sha256Fingerprint,
        /// The fingerprint of what the appliance showed.
        found: Sha256Fingerprint,
    },
    /// The appliance's certificate is not one that the configured trust accepts. No credential was sent.
    #[error(
        "the appliance's certificate is not trusted here: pin its fingerprint, or trust the certificate that signed it"
    )]
    Untrusted,
    /// There is no connection, or a reading call got no answer in time. Nothing was changed.
    #[error("the appliance could not be reached or did not answer in time; nothing was changed")]
    Unreachable,
    /// A changing call was sent and its answer was lost: it may or may not have happened. Look before calling again.
    ///
    /// Up to 25.10 a call goes on when its connection is gone, so it may also happen a little later: wait before looking. From 26 on it is
    /// ended where it is, and may have happened by half.
    #[error("sent, but the answer was lost: whether it happened is unknown, look before trying again")]
    OutcomeUnknown,
    /// What answers is no TrueNAS appliance, as far as it can be told. No credential was sent.
    #[error(
        "what answers there is no TrueNAS appliance: is the address right? (a proxy in front of one has to pass on /api and /websocket)"
    )]
    NotTrueNas,
    /// An appliance is there, and something in front of it does not let its WebSocket through. No credential was sent.
    #[error(
        "the appliance's WebSocket is not let through ({found}): let the proxy in front of it pass on WebSockets at /api and /websocket over HTTP/1.1, or give the appliance's own address"
    )]
    SocketBlocked {
        /// What came in its place.
        found: String,
    },
    /// The appliance lets in only the addresses of its list, and this machine's is not one of them.
    #[error(
        "the appliance does not let this machine's address in: add it there under System, General Settings, Allowed IP Addresses"
    )]
    AddressNotAllowed,
    /// The standby controller of a pair answered; the other one is in charge.
    #[error("this is the standby controller of a pair; log in to the active one: {}", urls.join(", "))]
    Standby {
        /// Where the active one answers.
        urls: Vec<String>,
    },
    /// The appliance does not accept the API key, password or token: wrong, or revoked. Older releases do not distinguish an expired one.
    #[error("the appliance does not accept the credentials: wrong, expired or revoked")]
    CredentialsRejected,
    /// What answers accepted the proof that this side knows the API key, and could not prove that it knows it itself. The key was not sent.
    #[error(
        "what answers there could not prove that it knows the API key, which was not sent: is it the right appliance?"
    )]
    NotProven,
    /// The API key or password has expired, or the key was revoked.
    #[error(
        "the API key or password has expired, or the key was revoked, as the appliance does with a key that reaches it without TLS: make a new one there"
    )]
    CredentialsExpired,
    /// The user logs in with a one-time code besides, and none was given, or the one given is no longer valid.
    #[error(
        "the appliance wants a one-time code besides the password, and has none that is valid: give a new one, or use an API key"
    )]
    OneTimeCodeRequired,
    /// The credentials are right, and their user may not use the API.
    #[error("the user may not use the appliance's API: give it a role there")]
    ApiAccessDenied,
    /// The user of the API key or password lacks the role for this call; the error's text says which, where it is known.
    #[error("the user that the credentials belong to lacks the role for this")]
    Unauthorized,
    /// The appliance is answering too many calls, or has seen more log-ins than it allows in a minute; it did not carry this one out.
    #[error("the appliance accepts no more calls or log-ins for now, and did not carry this one out")]
    RateLimited,
    /// The appliance refused fields of the request.
    #[error("the appliance refuses the request: {}", list(fields))]
    Validation {
        /// What is wrong, by field.
        fields: Vec<FieldError>,
    },
    /// What the call names does not exist.
    #[error("it does not exist on the appliance")]
    NotFound,
    /// The appliance's release does not offer this.
    #[error("{release} does not offer {feature}{}", instead.map(|i| format!("; {i}")).unwrap_or_default())]
    Unsupported {
        /// What was asked for.
        feature: &'static str,
        /// The appliance's release, and the version that it is spoken to in, as far as they are known.
        release: String,
        /// What to do instead.
        instead: Option<&'static str>,
    },
    /// The appliance answered with another task's job: this task was not started, and will not be.
    #[error(
        "not started: the appliance answered with job {job}, which is another task's, because a run waits already; start it again when that one has begun"
    )]
    NotStarted {
        /// The job that it answered with.
        job: JobId,
    },
    /// The appliance does not know the job, or another one has its number now: it restarted, or has run a thousand jobs since. How the job
    /// ended is not known.
    #[error("the appliance no longer knows job {job}: look at what it was to do")]
    JobVanished {
        /// Which job.
        job: JobId,
    },
    /// A job ended in failure.
    #[error("job {job} failed: {reason}")]
    JobFailed {
        /// Which job.
        job: JobId,
        /// The appliance's own words.
        reason: String,
        /// What is wrong by field, when the job refused its request.
        fields: Vec<FieldError>,
    },
    /// A job was aborted by somebody. The appliance gives such a job up at once; what it had begun, such as an rclone or a replication, may go on.
    #[error("job {job} was aborted; what it had begun may go on there for a while")]
    JobAborted {
        /// Which job.
        job: JobId,
    },
    /// A job was still under way when the time given for waiting was over. It goes on.
    #[error("job {job} is still under way; it goes on and can be followed again")]
    JobUnfinished {
        /// Which job.
        job: JobId,
    },
    /// The appliance refused the call for a reason of its own.
    #[error("the appliance refuses ({errname}): {reason}")]
    Rejected {
        /// The middleware's error number.
        errno: i64,
        /// The error's name, such as `EBUSY`.
        errname: String,
        /// The appliance's own words.
        reason: String,
    },
    /// The request would write back `"********"`, which stands for a secret that nobody read. Nothing was sent.
    #[error("{field} is a hidden secret's placeholder, not a value; nothing was sent")]
    RedactedSecret {
        /// Which field.
        field: String,
    },
    /// The request is longer than the appliance accepts. Nothing was sent.
    #[error("the request has {characters} characters, the appliance accepts {limit}; nothing was sent")]
    TooLong {
        /// How long it is.
        characters: usize,
        /// How long it may be.
        limit: usize,
    },
    /// The appliance answered something that this crate does not understand.
    #[error("the answer is not understood at {path}")]
    NotUnderstood {
        /// Which field of the answer.
        path: String,
    },
}

fn list(fields: &[FieldError]) -> String {
    fields.iter().map(|f| format!("{}: {}", f.attribute, f.message)).collect::<Vec<_>>().join("; ")
}

impl Error {
    pub(crate) fn new(operation: &'static str, subject: impl Into<String>, kind: ErrorKind) -> Self {
        let mut failure = Failure::new(kind, operation);
        failure.subject = Some(subject.into()).filter(|subject| !subject.is_empty());
        Self(Box::new(failure))
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.because(source);
        self
    }

    /// An error of the transport: a wrong pin and a bad certificate are distinguished from a broken connection.
    pub(crate) fn transport(
        operation: &'static str,
        subject: impl Into<String>,
        source: Box<dyn StdError + Send + Sync>,
    ) -> Self {
        Self::new(operation, subject, of_transport(&*source)).with_source(source)
    }

    /// A request by HTTP that failed.
    pub(crate) fn http(subject: impl Into<String>, cause: http_core::Error) -> Self {
        let kind = match (cause.kind(), cause.refusal()) {
            (http_core::ErrorKind::ReadOnly, _) => ErrorKind::ReadOnly,
            (http_core::ErrorKind::CredentialsRejected, _) => ErrorKind::CredentialsRejected,
            (http_core::ErrorKind::Unauthorized, _) => ErrorKind::Unauthorized,
            (http_core::ErrorKind::NotFound, _) => ErrorKind::NotFound,
            (http_core::ErrorKind::RateLimited, _) => ErrorKind::RateLimited,
            (http_core::ErrorKind::OutcomeUnknown, _) => ErrorKind::OutcomeUnknown,
            (http_core::ErrorKind::NotUnderstood, _) => ErrorKind::NotUnderstood { path: ".".into() },
            (http_core::ErrorKind::InvalidRequest, _) => {
                ErrorKind::InvalidRequest { reason: "the request by HTTP cannot be built" }
            }
            (http_core::ErrorKind::Unreachable, _) | (_, None) => of_transport(&cause),
            (_, Some(refusal)) => ErrorKind::Rejected {
                errno: refusal.status.into(),
                errname: "HTTP".into(),
                reason: format!("status {}", refusal.status),
            },
        };
        let mut failure = Failure::of_call(kind, cause);
        failure.subject = Some(subject.into());
        Self(Box::new(failure))
    }

    /// Counts the attempts of a call.
    pub(crate) fn tried(mut self, attempts: u32, elapsed: Duration) -> Self {
        self.0.tried = Some((attempts, elapsed));
        self
    }

    /// Which kind.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }
}

fn of_transport(source: &(dyn StdError + 'static)) -> ErrorKind {
    match Mismatch::within(source) {
        Some(m) => ErrorKind::PinMismatch { expected: m.expected, found: m.found },
        None if Obstacle::of(source) == Some(Obstacle::Certificate) => ErrorKind::Untrusted,
        None if speaks_http_2_only(source) => {
            ErrorKind::SocketBlocked { found: "it speaks HTTP/2 only".into() }
        }
        None => ErrorKind::Unreachable,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = self.0.subject.as_ref().map(|subject| format!(" on {subject}")).unwrap_or_default();
        let role = match self.0.kind {
            ErrorKind::Unauthorized => roles::needed(self.0.operation),
            _ => None,
        };
        let role = role.map(|role| format!(", {role}")).unwrap_or_default();
        let tried = match self.0.tried {
            Some((attempts, elapsed)) if attempts > 1 => {
                format!(", after {attempts} attempts in {:.1} s", elapsed.as_secs_f64())
            }
            _ => String::new(),
        };
        f.write_str(&safe(&format!("{}{subject}: {}{role}{tried}", self.0.operation, self.0.kind)))
    }
}
