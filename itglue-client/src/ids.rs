//! The ids that IT Glue issues, each a type of its own. A resource's own id is text on the wire, one that an attribute names is a
//! number; both are read. They have fifteen digits and more: neither `i32` nor `f64` holds one.

http_core::id_types! {
    /// An organisation: a client.
    OrganizationId: u64;
    /// A configuration: a device, as IT Glue knows it.
    ConfigurationId: u64;
    /// A type of configurations, such as *Managed Server*.
    ConfigurationTypeId: u64;
    /// A password category.
    PasswordCategoryId: u64;
    /// A password.
    PasswordId: u64;
    /// An earlier version of a password.
    PasswordVersionId: u64;
    /// A location of an organisation.
    LocationId: u64;
    /// A contact of an organisation.
    ContactId: u64;
    /// A document of an organisation.
    DocumentId: u64;
    /// A type of flexible assets.
    FlexibleAssetTypeId: u64;
    /// A field of a type of flexible assets.
    FlexibleAssetFieldId: u64;
    /// A flexible asset.
    FlexibleAssetId: u64;
    /// A file that is attached to a record.
    AttachmentId: u64;
    /// A company of a remote monitoring system that is linked with an organisation.
    RmmCompanyId: u64;
}
