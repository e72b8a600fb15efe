//! The ids that IT Glue issues, each a type of its own. A resource's own id is text on the wire, one that an attribute names is a
//! number; both are read.

http_core::id_types! {
    /// An organisation: a client.
    OrganizationId: u64;
    /// A configuration: a device, as IT Glue knows it.
    ConfigurationId: u64;
    /// A password category.
    PasswordCategoryId: u64;
    /// A password.
    PasswordId: u64;
}
