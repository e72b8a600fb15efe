//! Text that is safe to show: no secret in it, and no character that nobody sees.
//!
//! ```
//! let key = safe_text::SecretString::from("K001/top+secret");
//! // A service that repeats what it was sent, in whatever spelling, tells nobody.
//! assert_eq!(safe_text::safe("bad key K001/top+secret"), "bad key [redacted]");
//! assert_eq!(safe_text::safe("bad key K001%2Ftop%2Bsecret"), "bad key [redacted]");
//! assert_eq!(safe_text::safe("bad key SzAwMS90b3Arc2VjcmV0"), "bad key [redacted]");
//! // Neither a terminal nor a reader is misled.
//! assert_eq!(safe_text::safe("pool\u{202e}\u{1b}[2J 1"), "pool 1");
//! # drop(key);
//! ```
//!
//! A [`SecretString`], and every type that [`secret_types!`] declares, is known to this process from its making to its drop.
//! [`redact`] hides every live secret in each spelling in which services and programs repeat one: as it is; escaped for JSON, Python, Rust, C,
//! HTML, a URL or a form, also one in the other; quoted for a shell; with its quotation marks, percent or dollar signs doubled; in capitals or
//! in small letters; in base64 and base32, also within a longer text such as `user:key`; in hexadecimal digits; as a list of bytes; obscured
//! as in rclone's configuration; broken over lines; and cut off at the end of the text. [`printable`] keeps what can be seen. [`safe`] does both
//! for a line, [`lines`] for a text, [`Safe`] for whatever can be displayed. [`visible`] shows a name with nothing left out, and [`json`] keeps the
//! strings of a JSON document exact: what nobody sees is escaped there.
//!
//! # What it does not do
//!
//! It does not find a secret that was dropped before the text came, one that is excluded because it looks like an ordinary word (fewer
//! than six bytes; letters alone, fewer than twelve), or one that somebody disguised on purpose in another way. It hides nothing from
//! whoever reads this process's memory.
//!
//! # Invariants
//!
//! - A secret is overwritten when it is dropped, and so is every spelling of it that was kept for the search.
//! - No type of [`secret_types!`] has `Display`, `Clone`, `PartialEq` or `Serialize`; reading one is called `expose`.
//! - What [`json`] is given as JSON stays JSON, and its strings are the same but for secrets.

mod expectation;
mod live;
mod obscured;
mod printable;
mod redact;
mod secret;
mod spellings;
mod unescaped;

pub use expectation::expectation;
pub use printable::{printable, visible};
pub use redact::{REDACTED, Safe, json, lines, redact, safe};
pub use secret::{SecretString, same_text};

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<SecretString>();
};
