//! The secret of an API application.

http_core::secret_types! {
    /// The secret of an API application.
    ClientSecret;
}
