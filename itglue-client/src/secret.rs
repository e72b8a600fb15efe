//! The two secrets that this client handles.

http_core::secret_types! {
    /// An API key (`ITG.…`).
    ApiKey;
    /// The value of a password.
    PasswordValue;
}
