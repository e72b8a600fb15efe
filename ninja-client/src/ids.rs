//! The ids that NinjaOne issues, each a type of its own.

http_core::id_types! {
    /// An organisation: a client.
    OrganizationId: i32;
    /// A location: a site of a client.
    LocationId: i32;
    /// A device.
    DeviceId: i32;
    /// An API application; not a secret.
    ClientId: String;
}
