//! What the error types of the service clients have in common, so that each client writes only its kinds and its words.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::{Error, ServiceError};
use crate::pages::EndlessListing;

/// The inside of a client's error: what failed, on what, of which kind, and why. A client wraps it by [`client_error!`].
///
/// [`client_error!`]: crate::client_error
#[doc(hidden)]
pub struct Failure<K> {
    /// What kind of failure it is.
    pub kind: K,
    /// What was attempted.
    pub operation: &'static str,
    /// What it was attempted on.
    pub subject: Option<String>,
    /// What the service said, or which rule is broken.
    pub detail: Option<String>,
    /// Attempts and time, where the client made the attempts itself.
    pub tried: Option<(u32, Duration)>,
    cause: Cause,
}

enum Cause {
    None,
    Call(Error),
    Other(Box<dyn StdError + Send + Sync>),
}

impl<K> Failure<K> {
    /// A failure without a call beneath it.
    pub fn new(kind: K, operation: &'static str) -> Self {
        Self { kind, operation, subject: None, detail: None, tried: None, cause: Cause::None }
    }

    /// A listing that was given up because it might never have ended.
    pub fn of_listing(kind: K, endless: &EndlessListing) -> Self {
        Self { detail: Some(endless.to_string()), ..Self::new(kind, "list") }
    }

    /// The failure of a call, which stays its source.
    pub fn of_call(kind: K, cause: Error) -> Self {
        let subject = cause.subject().map(str::to_owned);
        let operation = cause.operation();
        Self { kind, operation, subject, detail: None, tried: None, cause: Cause::Call(cause) }
    }

    /// Names what lies beneath, unless a call does.
    pub fn because(&mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) {
        if !matches!(self.cause, Cause::Call(_)) {
            self.cause = Cause::Other(source.into());
        }
    }

    /// The failed call, where there was one.
    pub fn call(&self) -> Option<&Error> {
        match &self.cause {
            Cause::Call(call) => Some(call),
            Cause::None | Cause::Other(_) => None,
        }
    }

    /// What the service said when it refused.
    pub fn refusal(&self) -> Option<&ServiceError> {
        self.call()?.refusal()
    }

    /// Requests sent for the call.
    pub fn attempts(&self) -> u32 {
        let tried = self.tried.map(|(attempts, _)| attempts);
        tried.unwrap_or_else(|| self.call().map_or(0, Error::attempts))
    }

    /// How long the call took, backoff included.
    pub fn elapsed(&self) -> Duration {
        let tried = self.tried.map(|(_, elapsed)| elapsed);
        tried.unwrap_or_else(|| self.call().map_or(Duration::ZERO, Error::elapsed))
    }

    /// How long the service asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.call()?.retry_after()
    }

    /// What lies beneath.
    pub fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            Cause::None => None,
            Cause::Call(call) => Some(call),
            Cause::Other(other) => Some(&**other),
        }
    }
}

impl<K: fmt::Debug> fmt::Debug for Failure<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, operation, subject, detail, .. } = self;
        f.debug_struct("Failure")
            .field("kind", kind)
            .field("operation", operation)
            .field("subject", subject)
            .field("detail", detail)
            .finish_non_exhaustive()
    }
}

impl<K: fmt::Display> Failure<K> {
    /// Writes the usual sentence: `{service} {operation} on {subject}: {kind} ({status}): {detail}`.
    ///
    /// # Errors
    /// Those of the formatter.
    pub fn sentence(&self, service: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part =
            |before: &str, text: Option<&str>| text.map(|text| format!("{before}{text}")).unwrap_or_default();
        let subject = part(" on ", self.subject.as_deref());
        let status = self.refusal().map(|refusal| format!(" ({})", refusal.status)).unwrap_or_default();
        let detail = part(": ", self.detail.as_deref().filter(|detail| !detail.is_empty()));
        let sentence = format!("{service} {}{subject}: {}{status}{detail}", self.operation, self.kind);
        f.write_str(&safe_text::safe(&sentence))
    }
}

/// Declares a client's `Error` around its `ErrorKind`: one word wide, with the accessors that every client's error has, `Debug` and
/// `std::error::Error`. The client adds `kind()` and `Display`, unless the service's name follows: then both are written too, with the
/// conversions from `ErrorKind` and `EndlessListing`, for a `Copy` kind that has each of their names and `Unclassified`.
#[macro_export]
macro_rules! client_error {
    ($(#[$doc:meta])* $name:ident, $kind:ident, $service:literal) => {
        $crate::client_error! { $(#[$doc])* $name, $kind }

        impl $name {
            /// A request that is refused before it is sent; `detail` names the field and the rule.
            pub(crate) fn invalid(operation: &'static str, detail: impl Into<String>) -> Self {
                let mut failure = $crate::Failure::new($kind::InvalidRequest, operation);
                failure.detail = Some(detail.into());
                Self(Box::new(failure))
            }

            /// Which kind.
            pub fn kind(&self) -> $kind {
                self.0.kind
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.sentence($service, f)
            }
        }

        impl From<$crate::ErrorKind> for $kind {
            fn from(kind: $crate::ErrorKind) -> Self {
                match kind {
                    $crate::ErrorKind::InvalidRequest => Self::InvalidRequest,
                    $crate::ErrorKind::ReadOnly => Self::ReadOnly,
                    $crate::ErrorKind::CredentialsRejected => Self::CredentialsRejected,
                    $crate::ErrorKind::Unauthorized => Self::Unauthorized,
                    $crate::ErrorKind::NotFound => Self::NotFound,
                    $crate::ErrorKind::RateLimited => Self::RateLimited,
                    $crate::ErrorKind::Unreachable => Self::Unreachable,
                    $crate::ErrorKind::OutcomeUnknown => Self::OutcomeUnknown,
                    $crate::ErrorKind::NotUnderstood => Self::NotUnderstood,
                    $crate::ErrorKind::Rejected => Self::Rejected,
                    _ => Self::Unclassified,
                }
            }
        }

        impl From<$crate::EndlessListing> for $name {
            fn from(endless: $crate::EndlessListing) -> Self {
                Self(Box::new($crate::Failure::of_listing($kind::NotUnderstood, &endless)))
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, $kind:ident) => {
        $(#[$doc])*
        pub struct $name(Box<$crate::Failure<$kind>>);

        impl $name {
            /// What was attempted: the operation's name, or what was read or checked before there was one.
            pub fn operation(&self) -> &'static str {
                self.0.operation
            }

            /// What it was attempted on: an id, a name or an address.
            pub fn subject(&self) -> Option<&str> {
                self.0.subject.as_deref()
            }

            /// The HTTP status, where the service answered and refused.
            pub fn status(&self) -> Option<u16> {
                self.0.refusal().map(|refusal| refusal.status)
            }

            /// The id under which the service's support finds the request.
            pub fn request_id(&self) -> Option<&str> {
                self.0.refusal()?.request_id.as_deref()
            }

            /// Requests sent for this call.
            pub fn attempts(&self) -> u32 {
                self.0.attempts()
            }

            /// How long the call took, backoff included.
            pub fn elapsed(&self) -> ::std::time::Duration {
                self.0.elapsed()
            }

            /// Whether the same call may succeed later without anything being changed, and without doing anything twice.
            pub fn is_retryable(&self) -> bool {
                matches!(self.0.kind, $kind::Unreachable | $kind::RateLimited)
            }

            /// How long the service asked to wait, where it did.
            pub fn retry_after(&self) -> Option<::std::time::Duration> {
                self.0.retry_after()
            }

            /// Whether what the call names does not exist.
            pub fn is_not_found(&self) -> bool {
                matches!(self.0.kind, $kind::NotFound)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let source = self.0.source().map(|source| format!(": {source}")).unwrap_or_default();
                write!(f, "{}", $crate::Safe(format!("Error({:?}: {self}{source})", self.0.kind)))
            }
        }

        impl ::std::error::Error for $name {
            fn source(&self) -> Option<&(dyn ::std::error::Error + 'static)> {
                self.0.source()
            }
        }
    };
}
