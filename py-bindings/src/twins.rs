//! The two faces of each call to a service: one that waits, and one that is awaited.

/// Two classes with the same methods: of the first they wait and return, of the second they return coroutines.
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
                fn $method:ident($($argument:ident: $ty:ty),* $(,)?) -> $ret:ty = |$ready:ident| { $($work:tt)* }
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
                ) -> pyo3::PyResult<$crate::rt::Awaitable<$ret>> {
                    let access = $crate::rt::Access::$access;
                    let limits = $crate::rt::Limits { operation: $operation, access, timeout };
                    let $ready = self.0.ready()?;
                    Ok($crate::rt::awaitable::<$ret, $failure, _>(limits, async move {
                        $($work)*
                    }))
                }
            )*
        }
    };
}

pub(crate) use twins;
