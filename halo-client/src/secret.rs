//! The one secret that this client handles.

http_core::secret_types! {
    /// The secret of an API application.
    ClientSecret;
}
