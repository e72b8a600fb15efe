//! Technicians, end users and the roles of both.

use http_core::ServiceClient;

use crate::ask::Ask;
use crate::calls::calls;
use crate::custom_fields::FieldPatch;
use crate::error::Error;
use crate::field_value::CustomFields;
use crate::ids::{UserId, UserRoleId};
use crate::members::Members;
use crate::operations;
use crate::service::Ninja;
use crate::shapes::{
    EndUser, EndUserChange, NewEndUser, NewTechnician, Technician, TechnicianChange, User, UserRole,
};

/// Technicians, end users and the roles of both; from [`crate::Client::users`].
#[derive(Clone, Copy, Debug)]
pub struct Users<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

calls! { Users:
    /// Every technician and end user.
    list = LIST_USERS [] ? query -> Vec<User>;
    /// Every technician.
    technicians = LIST_TECHNICIANS [] -> Vec<Technician>;
    /// One technician.
    technician = GET_TECHNICIAN [id: UserId] -> Technician;
    /// Adds a technician.
    create_technician = CREATE_TECHNICIAN [] { new: NewTechnician } -> Technician;
    /// Changes what `change` names of a technician.
    update_technician = UPDATE_TECHNICIAN [id: UserId] { change: TechnicianChange };
    /// Removes a technician.
    delete_technician = DELETE_TECHNICIAN [id: UserId];
    /// Every end user.
    end_users = LIST_END_USERS [] -> Vec<EndUser>;
    /// One end user.
    end_user = GET_END_USER [id: UserId] -> EndUser;
    /// Adds an end user.
    create_end_user = CREATE_END_USER [] { new: NewEndUser } ? query -> EndUser;
    /// Changes what `change` names of an end user.
    update_end_user = UPDATE_END_USER [id: UserId] { change: EndUserChange } -> EndUser;
    /// Removes an end user.
    delete_end_user = DELETE_END_USER [id: UserId];
    /// Changes which devices an end user may reach.
    set_device_access = SET_END_USER_DEVICE_ACCESS [id: UserId] { change: Members };
    /// The roles that users have.
    roles = LIST_USER_ROLES [] ? query -> Vec<UserRole>;
    /// Gives a role to users.
    add_role_members = ADD_ROLE_MEMBERS [role: UserRoleId] { users: [UserId] } -> UserRole;
    /// Takes a role from users.
    remove_role_members = REMOVE_ROLE_MEMBERS [role: UserRoleId] { users: [UserId] } -> UserRole;
    /// Changes which organisations a role may see.
    set_role_organizations = SET_ROLE_ORGANIZATIONS [role: UserRoleId] { change: Members };
}

impl Users<'_> {
    /// The values of an end user's custom fields that the API may read.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such end user, else any kind that a read can end in.
    pub async fn custom_fields(&self, id: UserId) -> Result<CustomFields, Error> {
        Ask::new(self.service, operations::GET_END_USER_CUSTOM_FIELDS).at(id).send().await
    }

    /// Sets custom fields of an end user; those that the patch does not name stay. Success does not prove that the values were stored.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Rejected`] when NinjaOne does not take a name or a value, else any kind that a write can end in.
    pub async fn set_custom_fields(&self, id: UserId, patch: &FieldPatch) -> Result<(), Error> {
        Ask::new(self.service, operations::SET_END_USER_CUSTOM_FIELDS).at(id).json(patch).done().await
    }
}
