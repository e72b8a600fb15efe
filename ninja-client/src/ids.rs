//! The ids that NinjaOne issues, each a type of its own.

http_core::id_types! {
    /// An organisation: a client.
    OrganizationId: i32;
    /// A location: a site of a client.
    LocationId: i32;
    /// A device.
    DeviceId: i32;
    /// A policy.
    PolicyId: i32;
    /// A role of devices, such as *Windows server*.
    NodeRoleId: i32;
    /// A technician or an end user.
    UserId: i32;
    /// A role of users.
    UserRoleId: i32;
    /// A contact.
    ContactId: i32;
    /// A saved search of devices.
    GroupId: i32;
    /// An activity; later ones have larger ids.
    ActivityId: i64;
    /// What NinjaOne names by a UUID: devices, users, jobs, alerts. Organisations and locations have none.
    Uid: String;
    /// An API application; not a secret.
    ClientId: String;
}
