//! Why 1Password did not give a secret out.

use std::time::Duration;

/// Why 1Password did not give a secret out, by what a person does about it. No text holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OnePasswordFailure {
    /// The environment names a Connect server and a service account: which of them is meant, nobody knows. Nothing was asked.
    #[error(
        "OP_CONNECT_HOST and OP_CONNECT_TOKEN are set, and OP_SERVICE_ACCOUNT_TOKEN too: one of them only chooses the way to 1Password"
    )]
    TwoWays,
    /// One variable of Connect is set and the other is not. Nothing was asked.
    #[error("{set} is set, and {missing} is not")]
    HalfConnect {
        /// The variable that is set.
        set: &'static str,
        /// The variable that is not.
        missing: &'static str,
    },
    /// A variable that chooses the way to 1Password holds what it cannot. Nothing was asked.
    #[error("the variable {name} cannot be used: {problem}")]
    UnusableVariable {
        /// Which.
        name: &'static str,
        /// Why not.
        problem: String,
    },
    /// There is no program `op`. Nothing was asked.
    #[error("there is no program op in any folder of the PATH")]
    NotInstalled,
    /// The program `op` is there and cannot be started.
    #[error("the program op cannot be started: {0}")]
    NotStarted(String),
    /// `op` is not logged in to any account.
    #[error("op is not signed in to 1Password")]
    NotSignedIn,
    /// The Connect server does not accept the token.
    #[error("the Connect server does not accept the token in OP_CONNECT_TOKEN")]
    TokenRejected,
    /// The Connect server accepts the token, which was not made for this vault.
    #[error("the token in OP_CONNECT_TOKEN was not made for the vault {vault:?}")]
    Forbidden {
        /// The vault, as the reference names it.
        vault: String,
    },
    /// There is no such vault, item, section or field. `op` says the same where there is one that its account may not see.
    #[error("{0}")]
    NotFound(String),
    /// Several have the name.
    #[error("{0}")]
    Ambiguous(String),
    /// The field is there and holds nothing.
    #[error("the field holds nothing")]
    NoValue,
    /// The value is no text, or larger than a secret may be.
    #[error("the value is {0}")]
    NoSecret(&'static str),
    /// Too many secrets were read in the last hour or day.
    #[error("1Password asks for fewer requests")]
    RateLimited,
    /// `op`, or the server, did not answer in time.
    #[error("no answer came within {} seconds", .0.as_secs_f32())]
    Unanswered(Duration),
    /// The Connect server was not reached.
    #[error("the Connect server was not reached: {0}")]
    Unreachable(String),
    /// What the reference asks for, a Connect server cannot give.
    #[error("a Connect server gives values as they stand, without ?{0}")]
    NotByConnect(&'static str),
    /// A refusal, or an answer, of no kind above; in 1Password's own words.
    #[error("{0}")]
    Other(String),
}

impl OnePasswordFailure {
    /// What a person can do about it, where that is known.
    pub fn remedy(&self) -> Option<String> {
        Some(match self {
            Self::TwoWays => {
                "unset OP_SERVICE_ACCOUNT_TOKEN to ask the Connect server, or both OP_CONNECT_HOST and OP_CONNECT_TOKEN to ask by op".to_owned()
            }
            Self::HalfConnect { set, missing } => {
                format!("set {missing} to ask a Connect server, or unset {set} to ask by op")
            }
            Self::UnusableVariable { name, .. } => format!("correct {name}"),
            Self::NotInstalled => {
                "install the 1Password command-line tool, or set OP_CONNECT_HOST and OP_CONNECT_TOKEN".to_owned()
            }
            Self::NotSignedIn => {
                "run: op signin; or set OP_SERVICE_ACCOUNT_TOKEN where nobody is there to sign in".to_owned()
            }
            Self::TokenRejected => "make a new token for the Connect server".to_owned(),
            Self::Forbidden { vault } => format!("make a token that may read the vault {vault:?}"),
            Self::NotFound(_) => {
                "correct the reference, or let the account or token read the vault; a name is written as 1Password shows it".to_owned()
            }
            Self::Ambiguous(_) => "write the id instead of the name".to_owned(),
            Self::NoValue => "fill the field, or name another one".to_owned(),
            Self::RateLimited => "wait an hour, then run again; op service-account ratelimit shows what is left".to_owned(),
            Self::Unanswered(_) => {
                "see whether op read, or the Connect server, answers by itself: a prompt of the desktop app is not waited for".to_owned()
            }
            Self::Unreachable(_) => "check OP_CONNECT_HOST and the network, then run again".to_owned(),
            Self::NotByConnect(_) => "leave the query out, or ask by op".to_owned(),
            Self::NotStarted(_) | Self::NoSecret(_) | Self::Other(_) => return None,
        })
    }

    /// Whether the next secret would meet it, too.
    pub(super) fn concerns_every_secret(&self) -> bool {
        matches!(
            self,
            Self::NotInstalled
                | Self::NotStarted(_)
                | Self::NotSignedIn
                | Self::TokenRejected
                | Self::RateLimited
                | Self::Unanswered(_)
                | Self::Unreachable(_)
        )
    }
}
