//! Methods that do nothing but send one operation, declared by one macro.

/// Declares methods of a handle: path values in brackets, `{ body }`, `?` where the operation takes [`crate::Parameters`], and what comes back.
macro_rules! calls {
    ($handle:ident: $(
        $(#[$doc:meta])*
        $name:ident = $operation:ident [$($value:ident: $value_type:ty),*] $({ $body:ident: $body_type:ty })? $(? $query:ident)?
            $(-> $answer:ty)?;
    )*) => {
        impl $handle<'_> {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// Any kind that a call can end in; [`crate::ErrorKind::NotFound`] also where the instance's build does not have the call.
            pub async fn $name(
                &self
                $(, $value: $value_type)*
                $(, $body: &$body_type)?
                $(, $query: &$crate::parameters::Parameters)?
            ) -> Result<$crate::calls::answer!($($answer)?), $crate::error::Error> {
                let ask = $crate::ask::Ask::new(self.service, $crate::operations::$operation)
                    $(.at($value))*
                    $(.json(&$body))?
                    $(.parameters($query))?;
                $crate::calls::send!(ask $($answer)?)
            }
        )*}
    };
}

macro_rules! answer {
    () => {
        ()
    };
    ($answer:ty) => {
        $answer
    };
}

macro_rules! send {
    ($ask:ident) => {
        $ask.done().await
    };
    ($ask:ident $answer:ty) => {
        $ask.send::<$answer>().await
    };
}

pub(crate) use {answer, calls, send};
