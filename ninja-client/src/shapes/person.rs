//! Users, roles and contacts.

use crate::ids::{ContactId, DeviceId, OrganizationId, Uid, UserId, UserRoleId};
use crate::shapes::values::{InvitationStatus, UserType};
use crate::time::Timestamp;

crate::shape::shapes! {
    /// A contact (`Contact`).
    Contact {
        may {
            id: ContactId = "id",
            organization_id: OrganizationId = "organizationId",
            uid: Uid = "uid",
            first_name: String = "firstName",
            last_name: String = "lastName",
            email: String = "email",
            phone: String = "phone",
            job_title: String = "jobTitle",
        }
    }
    /// A logged on user of a device, in a report (`DeviceLoggedOnUser`).
    DeviceLoggedOnUser {
        may {
            user_name: String = "userName",
            logon_time: Timestamp = "logonTime",
            device_id: DeviceId = "deviceId",
        }
    }
    /// An end user (`EndUser`).
    EndUser {
        may {
            id: UserId = "id",
            uid: Uid = "uid",
            enabled: bool = "enabled",
            first_name: String = "firstName",
            last_name: String = "lastName",
            email: String = "email",
            phone: String = "phone",
            organization_id: OrganizationId = "organizationId",
            full_portal_access: bool = "fullPortalAccess",
            must_change_pw: bool = "mustChangePw",
            mfa_configured: bool = "mfaConfigured",
            scim_user: bool = "scimUser",
            auth_type: String = "authType",
            invitation_status: InvitationStatus = "invitationStatus",
            assigned_device_ids: Vec<DeviceId> = "assignedDeviceIds",
            accessible_device_ids: Vec<DeviceId> = "accessibleDeviceIds",
            roles: Vec<String> = "roles",
        }
    }
    /// Who was logged on last (`LoggedOnUser`).
    LoggedOnUser {
        may {
            user_name: String = "userName",
            logon_time: Timestamp = "logonTime",
        }
    }
    /// A role member (`RoleMember`).
    RoleMember {
        may {
            id: i32 = "id",
            email: String = "email",
            name: String = "name",
            source: String = "source",
        }
    }
    /// A technician (`Technician`).
    Technician {
        may {
            id: UserId = "id",
            uid: Uid = "uid",
            enabled: bool = "enabled",
            first_name: String = "firstName",
            last_name: String = "lastName",
            email: String = "email",
            phone: String = "phone",
            must_change_pw: bool = "mustChangePw",
            mfa_configured: bool = "mfaConfigured",
            scim_user: bool = "scimUser",
            auth_type: String = "authType",
            user_type: UserType = "userType",
            invitation_status: InvitationStatus = "invitationStatus",
            notify_all_clients: bool = "notifyAllClients",
            administrator: bool = "administrator",
            assigned_device_ids: Vec<DeviceId> = "assignedDeviceIds",
            roles: Vec<String> = "roles",
        }
    }
    /// A user (`User`).
    User {
        may {
            id: UserId = "id",
            uid: Uid = "uid",
            first_name: String = "firstName",
            last_name: String = "lastName",
            email: String = "email",
            phone: String = "phone",
            enabled: bool = "enabled",
            administrator: bool = "administrator",
            permit_all_clients: bool = "permitAllClients",
            notify_all_clients: bool = "notifyAllClients",
            must_change_pw: bool = "mustChangePw",
            mfa_configured: bool = "mfaConfigured",
            user_type: UserType = "userType",
            invitation_status: InvitationStatus = "invitationStatus",
            organization_id: OrganizationId = "organizationId",
            device_ids: Vec<DeviceId> = "deviceIds",
            assigned_device_ids: Vec<DeviceId> = "assignedDeviceIds",
            roles: Vec<String> = "roles",
        }
    }
    /// A user role (`UserRole`).
    UserRole {
        may {
            id: UserRoleId = "id",
            name: String = "name",
            kind: String = "type",
            description: String = "description",
            members: Vec<RoleMember> = "members",
        }
    }
}

crate::shape::requests! {
    /// What to change of a contact; what is left out stays (`ContactPatchRequest`).
    ContactChange {
        may {
            first_name: String = "firstName",
            last_name: String = "lastName",
            email: String = "email",
            job_title: String = "jobTitle",
            organization_id: OrganizationId = "organizationId",
            phone: String = "phone",
        }
    }
    /// What a new contact is made of (`CreateContactRequest`).
    NewContact {
        may {
            organization_id: OrganizationId = "organizationId",
            first_name: String = "firstName",
            last_name: String = "lastName",
            email: String = "email",
            phone: String = "phone",
            job_title: String = "jobTitle",
        }
    }
    /// What a new end user is made of (`CreateEndUserRequest`).
    NewEndUser {
        may {
            first_name: String = "firstName",
            last_name: String = "lastName",
            email: String = "email",
            phone: String = "phone",
            organization_id: OrganizationId = "organizationId",
            full_portal_access: bool = "fullPortalAccess",
        }
    }
    /// What a new technician is made of (`CreateTechnicianRequest`).
    NewTechnician {
        may {
            first_name: String = "firstName",
            last_name: String = "lastName",
            email: String = "email",
            phone: String = "phone",
        }
    }
    /// What to change of an end user; what is left out stays (`EndUserPatchRequest`).
    EndUserChange {
        may {
            first_name: String = "firstName",
            last_name: String = "lastName",
            organization_id: OrganizationId = "organizationId",
            full_portal_access: bool = "fullPortalAccess",
        }
    }
    /// What to change of a technician; what is left out stays (`UpdateTechnicianRequest`).
    TechnicianChange {
        may {
            first_name: String = "firstName",
            last_name: String = "lastName",
        }
    }
}
