//! The middleware's errors: their codes, their errnos, and the details beside them.

use serde_json::{Value, json};

use super::release::Release;
use crate::python;

/// What a method answers: its result, or why not.
pub(super) type Outcome = Result<Value, Refusal>;

/// One complaint about one argument: attribute, text, errno.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) attribute: String,
    pub(super) text: String,
    pub(super) errno: Errno,
}

impl Complaint {
    pub(super) fn new(attribute: impl Into<String>, text: impl Into<String>) -> Self {
        Self::with(attribute, text, Errno::INVALID)
    }

    pub(super) fn with(attribute: impl Into<String>, text: impl Into<String>, errno: Errno) -> Self {
        Self { attribute: attribute.into(), text: text.into(), errno }
    }
}

/// An errno by its name: the system's, and from 201 on the middleware's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Errno {
    linux: i32,
    /// Its number on FreeBSD, which CORE runs on (FreeBSD, `sys/errno.h`).
    free_bsd: i32,
    name: &'static str,
}

impl Errno {
    pub(super) const NOT_PERMITTED: Self = Self::of(1, "EPERM");
    pub(super) const MISSING: Self = Self::of(2, "ENOENT");
    pub(super) const AGAIN: Self = Self { linux: 11, free_bsd: 35, name: "EAGAIN" };
    pub(super) const FORBIDDEN: Self = Self::of(13, "EACCES");
    pub(super) const FAULT: Self = Self::of(14, "EFAULT");
    pub(super) const BUSY: Self = Self::of(16, "EBUSY");
    pub(super) const EXISTS: Self = Self::of(17, "EEXIST");
    pub(super) const INVALID: Self = Self::of(22, "EINVAL");
    pub(super) const NOT_EMPTY: Self = Self { linux: 39, free_bsd: 66, name: "ENOTEMPTY" };
    pub(super) const TOO_MANY: Self = Self { linux: 109, free_bsd: 59, name: "ETOOMANYREFS" };
    pub(super) const UNAVAILABLE: Self = Self { linux: 111, free_bsd: 61, name: "ECONNREFUSED" };
    pub(super) const NO_METHOD: Self = Self::of(201, "ENOMETHOD");
    pub(super) const NOT_AUTHENTICATED: Self = Self::of(207, "ENOTAUTHENTICATED");
    pub(super) const CERTIFICATE: Self = Self::of(208, "ESSLCERTVERIFICATIONERROR");

    const ALL: [Self; 14] = [
        Self::NOT_PERMITTED,
        Self::MISSING,
        Self::AGAIN,
        Self::FORBIDDEN,
        Self::FAULT,
        Self::BUSY,
        Self::EXISTS,
        Self::INVALID,
        Self::NOT_EMPTY,
        Self::TOO_MANY,
        Self::UNAVAILABLE,
        Self::NO_METHOD,
        Self::NOT_AUTHENTICATED,
        Self::CERTIFICATE,
    ];

    const fn of(number: i32, name: &'static str) -> Self {
        Self { linux: number, free_bsd: number, name }
    }

    /// Finds the errno that a fault names, else the one that a call error has by itself.
    pub(super) fn named(name: &str) -> Self {
        let known = Self::ALL.into_iter().find(|errno| errno.name == name);
        known.unwrap_or(Self::FAULT)
    }

    pub(super) fn number(self, release: Release) -> i32 {
        if release == Release::Core13_3 { self.free_bsd } else { self.linux }
    }
}

/// Why a call was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// -32700: the text is no JSON.
    NotJson,
    /// -32600: JSON, but no request.
    NotARequest(&'static str),
    /// -32601: no such method in this release.
    NoMethod,
    /// -32602: arguments that the method refuses.
    Invalid(Vec<Complaint>),
    /// -32602: there is no row of this id; the complaint names no argument.
    Absent(String),
    /// -32001: the method failed.
    Failed { errno: Errno, reason: String },
    /// -32000: ten calls run and ten wait on this connection already.
    TooMany,
}

impl Refusal {
    pub(super) fn failed(errno: Errno, reason: impl Into<String>) -> Self {
        Self::Failed { errno, reason: reason.into() }
    }

    pub(super) fn invalid(attribute: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Invalid(vec![Complaint::new(attribute, text)])
    }

    /// A row asked for by its id that is not there.
    pub(super) fn no_row(kind: &str, id: &Value) -> Self {
        Self::Absent(format!("{kind} {id} does not exist"))
    }

    /// A method that this release does not have, in the words of the legacy socket.
    pub(super) fn no_legacy_method(name: &str) -> Self {
        let (service, method) = name.rsplit_once('.').unwrap_or(("", name));
        let (service, method) = (python::repr(service), python::repr(method));
        Self::failed(Errno::NO_METHOD, format!("Method {method} not found in {service}"))
    }

    /// A method that the version of the API which the client has chosen does not offer.
    pub(super) fn not_in_this_version(name: &str) -> Self {
        Self::failed(Errno::NO_METHOD, format!("Method {name} is not available in this API version"))
    }

    pub(super) fn not_authenticated() -> Self {
        Self::failed(Errno::NOT_AUTHENTICATED, "Not authenticated")
    }

    pub(super) fn not_authorized() -> Self {
        Self::failed(Errno::FORBIDDEN, "Not authorized")
    }

    /// The text that a failed job shows as its error.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Invalid(complaints) => {
                let line = |c: &Complaint| format!("[{}] {}: {}", c.errno.name, c.attribute, c.text);
                complaints.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            Self::Absent(text) => format!("[{}] None: {text}", Errno::MISSING.name),
            Self::Failed { errno, reason } => format!("[{}] {reason}", errno.name),
            Self::NotJson => "Parse error".to_owned(),
            Self::NotARequest(text) => (*text).to_owned(),
            Self::NoMethod => "Method does not exist".to_owned(),
            Self::TooMany => "Maximum number of concurrent calls has exceeded.".to_owned(),
        }
    }

    /// The text without the name of its errno.
    pub(super) fn bare_text(&self) -> String {
        match self {
            Self::Failed { reason, .. } => reason.clone(),
            _ => self.text(),
        }
    }

    /// The complaints, as `extra` carries them.
    pub(super) fn extra(&self, release: Release) -> Value {
        match self {
            Self::Invalid(complaints) => {
                complaints.iter().map(|c| json!([c.attribute, c.text, c.errno.number(release)])).collect()
            }
            Self::Absent(text) => json!([[null, text, Errno::MISSING.number(release)]]),
            _ => Value::Null,
        }
    }

    pub(super) fn errno(&self) -> Errno {
        match self {
            Self::Failed { errno, .. } => *errno,
            Self::TooMany => Errno::TOO_MANY,
            _ => Errno::INVALID,
        }
    }

    /// The Python class of the error.
    fn class(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "ValidationErrors",
            Self::Absent(_) => "InstanceNotFound",
            _ => "CallError",
        }
    }

    /// The error as Python's `repr` shows it.
    fn repr(&self) -> String {
        let class = self.class();
        match self {
            Self::Invalid(_) => format!("{class}()"),
            Self::Absent(text) => format!("{class}({})", python::repr(text)),
            Self::Failed { errno: Errno::FAULT, reason } => format!("{class}({})", python::repr(reason)),
            Self::Failed { errno, reason } => {
                format!("{class}({}, {})", python::repr(reason), errno.linux)
            }
            _ => format!("{class}({})", python::repr(&self.text())),
        }
    }

    /// What Python prints of the error.
    pub(super) fn traceback(&self) -> String {
        format!(
            "Traceback (most recent call last):\n  File \"/usr/lib/python3/dist-packages/middlewared/job.py\", line 515, \
             in run\n    await self.future\nmiddlewared.service_exception.{}: {}\n",
            self.class(),
            self.text()
        )
    }

    fn trace(&self) -> Value {
        json!({"class": self.class(), "formatted": self.traceback(), "repr": self.repr()})
    }

    /// What a failed job's `exc_info` says
    /// (TrueNAS middleware 25.10, `job.py`: several complaints have no errno, a single one its own).
    pub(super) fn exc_info(&self, release: Release) -> Value {
        let (kind, errno) = match self {
            Self::Invalid(_) => ("VALIDATION", Value::Null),
            Self::Absent(_) => ("VALIDATION", Errno::MISSING.number(release).into()),
            _ => (self.class(), self.errno().number(release).into()),
        };
        json!({"type": kind, "repr": self.repr(), "errno": errno, "extra": self.extra(release)})
    }

    /// The `error` member of a JSON-RPC answer.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::NotJson => json!({"code": -32700, "message": self.text()}),
            Self::NotARequest(_) => json!({"code": -32600, "message": self.text()}),
            Self::NoMethod => json!({"code": -32601, "message": self.text()}),
            Self::TooMany => json!({"code": -32000, "message": self.text()}),
            Self::Invalid(_) | Self::Absent(_) => {
                json!({"code": -32602, "message": "Invalid params", "data": self.data()})
            }
            Self::Failed { .. } => {
                json!({"code": -32001, "message": "Method call error", "data": self.data()})
            }
        }
    }

    fn data(&self) -> Value {
        let errno = self.errno();
        // JSON-RPC is spoken by releases on Linux only.
        json!({
            "error": errno.linux, "errname": errno.name, "reason": self.text(),
            "extra": self.extra(Release::default()), "trace": self.trace(),
        })
    }

    /// The `error` member of an answer of the legacy socket: several complaints are an EAGAIN of the type `VALIDATION`, a
    /// single one has its own errno (TrueNAS middleware 13.3 and 24.10, `main.py`).
    pub(super) fn to_legacy(&self, release: Release) -> Value {
        let (errno, kind) = match self {
            Self::Invalid(_) => (Errno::AGAIN, Value::from("VALIDATION")),
            Self::Absent(_) => (Errno::MISSING, Value::Null),
            _ => (self.errno(), Value::Null),
        };
        let mut error = json!({
            "error": errno.number(release), "type": kind, "reason": self.text(), "trace": self.trace(),
            "extra": self.extra(release),
        });
        if release > Release::Core13_3 {
            error["errname"] = errno.name.into();
        }
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_by_its_class_its_errno_and_its_type() {
        let invalid = Refusal::invalid("cloud_sync_create.path", "no");
        let failed = Refusal::failed(Errno::FAULT, "it's gone");
        for release in Release::ALL {
            let again = if release == Release::Core13_3 { 35 } else { 11 };
            let said = invalid.to_legacy(release);
            assert_eq!((&said["error"], &said["type"]), (&json!(again), &json!("VALIDATION")), "{release}");
            assert_eq!(said["extra"], json!([["cloud_sync_create.path", "no", 22]]));
            assert_eq!(said.get("errname").is_some(), release > Release::Core13_3);
            let said = failed.to_legacy(release);
            assert_eq!(
                (&said["error"], &said["type"], &said["extra"]),
                (&json!(14), &Value::Null, &Value::Null)
            );
        }
        let absent = Refusal::no_row("CloudSync", &json!(9));
        for (refusal, info) in [
            (
                &invalid,
                json!({"type": "VALIDATION", "repr": "ValidationErrors()", "errno": null,
                "extra": [["cloud_sync_create.path", "no", 22]]}),
            ),
            (
                &absent,
                json!({"type": "VALIDATION", "repr": "InstanceNotFound('CloudSync 9 does not exist')",
                "errno": 2, "extra": [[null, "CloudSync 9 does not exist", 2]]}),
            ),
            (
                &failed,
                json!({"type": "CallError", "repr": "CallError(\"it's gone\")", "errno": 14, "extra": null}),
            ),
        ] {
            assert_eq!(refusal.exc_info(Release::Scale25_10), info);
        }
        assert!(failed.traceback().ends_with("CallError: [EFAULT] it's gone\n"));
    }
}
