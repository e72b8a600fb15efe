//! The middleware's errors: their codes, their errnos, and the details beside them.

use serde_json::{Value, json};

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
        Self { attribute: attribute.into(), text: text.into(), errno: Errno::INVALID }
    }
}

/// An errno: the system's, and from 201 on the middleware's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Errno(i32, &'static str);

impl Errno {
    pub(super) const MISSING: Self = Self(2, "ENOENT");
    pub(super) const FORBIDDEN: Self = Self(13, "EACCES");
    pub(super) const FAULT: Self = Self(14, "EFAULT");
    pub(super) const BUSY: Self = Self(16, "EBUSY");
    pub(super) const EXISTS: Self = Self(17, "EEXIST");
    pub(super) const INVALID: Self = Self(22, "EINVAL");
    pub(super) const UNAVAILABLE: Self = Self(111, "ECONNREFUSED");
    pub(super) const NO_METHOD: Self = Self(201, "ENOMETHOD");
    pub(super) const NOT_AUTHENTICATED: Self = Self(207, "ENOTAUTHENTICATED");

    const ALL: [Self; 9] = [
        Self::MISSING,
        Self::FORBIDDEN,
        Self::FAULT,
        Self::BUSY,
        Self::EXISTS,
        Self::INVALID,
        Self::UNAVAILABLE,
        Self::NO_METHOD,
        Self::NOT_AUTHENTICATED,
    ];

    /// Finds the errno that a fault names, else the one that a call error has by itself.
    pub(super) fn named(name: &str) -> Self {
        let known = Self::ALL.into_iter().find(|errno| errno.1 == name);
        known.unwrap_or(Self::FAULT)
    }

    pub(super) fn number(self) -> i32 {
        self.0
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
                let line = |c: &Complaint| format!("[{}] {}: {}", c.errno.1, c.attribute, c.text);
                complaints.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            Self::Absent(text) => format!("[{}] None: {text}", Errno::MISSING.1),
            Self::Failed { errno, reason } => format!("[{}] {reason}", errno.1),
            Self::NotJson => "Parse error".to_owned(),
            Self::NotARequest(text) => (*text).to_owned(),
            Self::NoMethod => "Method does not exist".to_owned(),
            Self::TooMany => "Maximum number of concurrent calls has exceeded.".to_owned(),
        }
    }

    /// The complaints, as `extra` carries them.
    pub(super) fn extra(&self) -> Value {
        match self {
            Self::Invalid(complaints) => {
                complaints.iter().map(|c| json!([c.attribute, c.text, c.errno.0])).collect()
            }
            Self::Absent(text) => json!([[null, text, Errno::MISSING.0]]),
            _ => Value::Null,
        }
    }

    pub(super) fn errno(&self) -> Errno {
        match self {
            Self::Failed { errno, .. } => *errno,
            _ => Errno::INVALID,
        }
    }

    /// The `error` member of a JSON-RPC answer.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::NotJson => json!({"code": -32700, "message": self.text()}),
            Self::NotARequest(_) => json!({"code": -32600, "message": self.text()}),
            Self::NoMethod => json!({"code": -32601, "message": self.text()}),
            Self::TooMany => json!({"code": -32000, "message": self.text()}),
            Self::Invalid(_) | Self::Absent(_) => {
                json!({"code": -32602, "message": "Invalid params", "data": self.data("ValidationErrors")})
            }
            Self::Failed { .. } => {
                json!({"code": -32001, "message": "Method call error", "data": self.data("CallError")})
            }
        }
    }

    fn data(&self, class: &str) -> Value {
        let Errno(number, name) = self.errno();
        json!({
            "error": number, "errname": name, "reason": self.text(), "extra": self.extra(),
            "trace": {"class": class, "formatted": "", "repr": class},
        })
    }
}
