//! One operation of the public API as data: its name here, its verb and path, and what repeating it would do.

use http_core::{Idempotency, Method, Operation};

/// One operation of the public API; [`crate::operations`] has all of them, and [`crate::Client::call`] sends any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiOperation {
    operation: Operation,
    method: Method,
    path: &'static str,
    query: &'static [&'static str],
}

impl ApiOperation {
    pub(crate) const fn new(
        operation: Operation,
        method: Method,
        path: &'static str,
        query: &'static [&'static str],
    ) -> Self {
        Self { operation, method, path, query }
    }

    /// Its name in errors, spans and this crate.
    pub const fn name(self) -> &'static str {
        self.operation.name()
    }

    /// The verb that it is sent with.
    pub const fn method(self) -> Method {
        self.method
    }

    /// Its path below the base URL; what stands in braces is filled in by the caller.
    pub const fn path(self) -> &'static str {
        self.path
    }

    /// The query parameters that the specification names for it.
    pub const fn query(self) -> &'static [&'static str] {
        self.query
    }

    /// What repeating it would do; a read-only client sends reads alone.
    pub const fn idempotency(self) -> Idempotency {
        self.operation.idempotency()
    }

    /// Whether a read-only client sends it.
    pub const fn is_read(self) -> bool {
        self.operation.is_read()
    }

    pub(crate) const fn operation(self) -> Operation {
        self.operation
    }
}

/// Declares the operations of one area, and the list `ALL` of them.
macro_rules! api_operations {
    ($($name:ident = $text:literal, $repeat:ident $method:ident $path:literal [$($query:literal),* $(,)?];)*) => {
        use http_core::{Idempotency, Method, Operation};

        use crate::api_operation::ApiOperation;

        $(
            #[doc = concat!("`", stringify!($method), " ", $path, "`")]
            pub const $name: ApiOperation =
                ApiOperation::new(Operation::new($text, Idempotency::$repeat), Method::$method, $path, &[$($query),*]);
        )*

        pub(super) const ALL: &[ApiOperation] = &[$($name),*];
    };
}

pub(crate) use api_operations;
