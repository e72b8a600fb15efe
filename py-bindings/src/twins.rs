//! The two faces of each call to a service: one that waits, and one that is awaited.

use crate::rt::{Access, Limits};

/// Two classes with the same methods: of the first they wait and return, of the second they return coroutines. Where what is returned has two faces
/// as well, both are named: `-> Job | AioJob`.
macro_rules! twins {
    (
        $(#[$doc:meta])+
        $python:literal in $module:literal and $aio_module:literal, $failure:ty:
        $name:ident / $aio:ident($inner:ty) {
            both { $($both:tt)* }
            blocking { $($blocking:tt)* }
            asyncio { $($asyncio:tt)* }
            $(
                $(#[$note:meta])+
                $access:ident $operation:literal
                fn $method:ident($($argument:ident: $ty:ty),* $(,)?) -> $ret:ty $(| $aio_ret:ty)? = |$ready:ident| { $($work:tt)* }
            )*
        }
    ) => {
        $(#[$doc])+
        #[pyo3::pyclass(frozen, name = $python, module = $module)]
        pub(crate) struct $name(pub(super) $inner);

        #[pyo3::pymethods]
        impl $name {
            $($both)*
            $($blocking)*
            $(
                $(#[$note])+
                #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
                fn $method(
                    &self,
                    py: pyo3::Python<'_>,
                    $($argument: $ty,)*
                    timeout: Option<$crate::rt::Timeout>,
                ) -> pyo3::PyResult<$ret> {
                    let access = $crate::rt::Access::$access;
                    let limits = $crate::rt::Limits { operation: $operation, access, timeout };
                    let $ready = self.0.ready()?;
                    $crate::rt::block::<$ret, $failure, _>(py, &limits, async move {
                        $($work)*
                    })
                }
            )*
        }

        $(#[$doc])+
        #[pyo3::pyclass(frozen, name = $python, module = $aio_module)]
        pub(crate) struct $aio(pub(super) $inner);

        #[pyo3::pymethods]
        impl $aio {
            $($both)*
            $($asyncio)*
            $(
                $(#[$note])+
                #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
                fn $method(
                    &self,
                    $($argument: $ty,)*
                    timeout: Option<$crate::rt::Timeout>,
                ) -> pyo3::PyResult<$crate::rt::Awaitable<$crate::twins::last!($ret $(, $aio_ret)?)>> {
                    let access = $crate::rt::Access::$access;
                    let limits = $crate::rt::Limits { operation: $operation, access, timeout };
                    let $ready = self.0.ready()?;
                    Ok($crate::rt::awaitable::<$crate::twins::last!($ret $(, $aio_ret)?), $failure, _>(limits, async move {
                        $($work)*
                    }))
                }
            )*
        }
    };
}

/// The same, of what is closed at the end of `with`.
macro_rules! closing_twins {
    (
        $(#[$doc:meta])+
        $python:literal in $module:literal and $aio_module:literal, $failure:ty:
        $name:ident / $aio:ident($inner:ty) {
            both { $($both:tt)* }
            blocking { $($blocking:tt)* }
            asyncio { $($asyncio:tt)* }
            $($calls:tt)*
        }
    ) => {
        $crate::twins::twins! {
            $(#[$doc])+
            $python in $module and $aio_module, $failure:
            $name / $aio($inner) {
                both {
                    /// Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
                    fn close(&self) {
                        self.0.close();
                    }

                    /// Never.
                    fn __reduce__(&self) -> pyo3::PyResult<(&'static str,)> {
                        Err($crate::crypt::not_pickled())
                    }

                    $($both)*
                }
                blocking {
                    fn __enter__(slf: pyo3::Py<Self>) -> pyo3::Py<Self> {
                        slf
                    }

                    #[pyo3(signature = (_kind = None, _error = None, _trace = None))]
                    fn __exit__(
                        &self,
                        _kind: Option<pyo3::Py<pyo3::PyAny>>,
                        _error: Option<pyo3::Py<pyo3::PyAny>>,
                        _trace: Option<pyo3::Py<pyo3::PyAny>>,
                    ) {
                        self.0.close();
                    }

                    $($blocking)*
                }
                asyncio {
                    fn __aenter__(slf: pyo3::Py<Self>) -> $crate::rt::Awaitable<pyo3::Py<Self>> {
                        $crate::rt::awaitable($crate::twins::OPENING, async move { Ok::<_, $failure>(slf) })
                    }

                    #[pyo3(signature = (_kind = None, _error = None, _trace = None))]
                    fn __aexit__(
                        &self,
                        _kind: Option<pyo3::Py<pyo3::PyAny>>,
                        _error: Option<pyo3::Py<pyo3::PyAny>>,
                        _trace: Option<pyo3::Py<pyo3::PyAny>>,
                    ) -> $crate::rt::Awaitable<$crate::values::Nothing> {
                        self.0.close();
                        $crate::rt::awaitable($crate::twins::OPENING, async move {
                            Ok::<_, $failure>($crate::values::Nothing)
                        })
                    }

                    $($asyncio)*
                }
                $($calls)*
            }
        }
    };
}

/// What `async with` waits for at its ends: nothing.
pub(crate) const OPENING: Limits = Limits { operation: "async with", access: Access::Read, timeout: None };

/// The last of the types.
macro_rules! last {
    ($only:ty) => {
        $only
    };
    ($first:ty, $last:ty) => {
        $last
    };
}

pub(crate) use {closing_twins, last, twins};
