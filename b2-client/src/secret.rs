//! The secret half of an application key.

http_core::secret_types! {
    /// The secret half of an application key.
    ApplicationKey;
}
