//! Operations: a name, and what repeating the call would do. Each client declares all of its own in one table.

/// What repeating an operation would do; declared by each operation, never derived from the HTTP verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Changes nothing at the service and hands out no right to change or read anything later. Logging in is a read. These are the
    /// only operations that a [read-only](crate::Options::read_only) client sends.
    Read,
    /// Changes something, and doing it twice leaves the same state as doing it once.
    Idempotent,
    /// Doing it twice does it twice: never repeated unless it is certain that it did not happen.
    NonIdempotent,
}

/// One operation of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    name: &'static str,
    idempotency: Idempotency,
}

impl Operation {
    /// An operation of this name, for errors and spans. Clients declare theirs with [`operations!`](crate::operations).
    pub const fn new(name: &'static str, idempotency: Idempotency) -> Self {
        Self { name, idempotency }
    }

    /// Its name, as errors and spans show it.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// What repeating it would do.
    pub const fn idempotency(self) -> Idempotency {
        self.idempotency
    }

    /// Whether a read-only client sends it.
    pub const fn is_read(self) -> bool {
        matches!(self.idempotency, Idempotency::Read)
    }
}

/// Declares every operation of a client, grouped by what repeating it would do: a `pub(crate)` [`Operation`] for each, and the
/// public lists `READS` and `WRITES` of their names, which say what a read-only client sends and what it refuses.
///
/// Belongs into a module of its own. A call cannot be built without an operation, and a test walks the lists, so that no operation
/// stays unclassified.
///
/// ```
/// mod operations {
///     http_core::operations! {
///         Read { LIST_SHELVES = "list_shelves" }
///         Idempotent { PUT_BOOK = "put_book" }
///         NonIdempotent { BUY_BOOK = "buy_book" }
///     }
/// }
/// assert_eq!(operations::WRITES, ["put_book", "buy_book"]);
/// assert!(operations::LIST_SHELVES.is_read());
/// # let _ = (operations::PUT_BOOK, operations::BUY_BOOK, operations::READS);
/// ```
#[macro_export]
macro_rules! operations {
    (
        Read { $($read:ident = $read_name:literal),* $(,)? }
        Idempotent { $($idempotent:ident = $idempotent_name:literal),* $(,)? }
        NonIdempotent { $($once:ident = $once_name:literal),* $(,)? }
    ) => {
        $(pub(crate) const $read: $crate::Operation =
            $crate::Operation::new($read_name, $crate::Idempotency::Read);)*
        $(pub(crate) const $idempotent: $crate::Operation =
            $crate::Operation::new($idempotent_name, $crate::Idempotency::Idempotent);)*
        $(pub(crate) const $once: $crate::Operation =
            $crate::Operation::new($once_name, $crate::Idempotency::NonIdempotent);)*

        /// The operations that change nothing: the only ones that a read-only client sends.
        pub const READS: &[&str] = &[$($read_name),*];

        /// The operations that a read-only client refuses.
        pub const WRITES: &[&str] = &[$($idempotent_name,)* $($once_name),*];
    };
}
