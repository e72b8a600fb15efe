//! Organisations: the clients of the managed service provider.

use futures_util::{Stream, TryStreamExt as _};
use http_core::ServiceClient;

use crate::ask::Ask;
use crate::calls::calls;
use crate::custom_fields::FieldPatch;
use crate::error::Error;
use crate::field_value::CustomFields;
use crate::ids::{DeviceId, LocationId, OrganizationId};
use crate::operations;
use crate::pages;
use crate::service::Ninja;
use crate::shapes::{
    Device, InstallerType, Link, NewInstaller, NewOrganization, Organization, OrganizationChange,
    OrganizationDetail, PolicyAssignment, User,
};

/// Organisations and their custom fields; from [`crate::Client::organizations`].
#[derive(Clone, Copy, Debug)]
pub struct Organizations<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

impl Organizations<'_> {
    /// Every organisation of the tenant, page by page as the stream is read.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list(&self) -> impl Stream<Item = Result<Organization, Error>> + Send + use<> {
        let service = self.service.clone();
        pages::after(
            move || Ask::new(&service, operations::LIST_ORGANIZATIONS),
            |row: &Organization| row.id.get(),
            pages::BYTES,
        )
    }

    /// As [`list`](Self::list), with the locations of each: the whole tenant in one request per thousand organisations, and one that
    /// finds no more (public API 2.0.9-draft, `getOrganizationsDetailed`).
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn list_detailed(&self) -> impl Stream<Item = Result<OrganizationDetail, Error>> + Send + use<> {
        let service = self.service.clone();
        let ask = move || Ask::new(&service, operations::LIST_ORGANIZATIONS_DETAILED);
        pages::after(ask, |row: &OrganizationDetail| row.organization.id.get(), pages::BYTES)
    }

    /// Every organisation of exactly this name; there may be none, or several. An application that may see no organisation gets an empty list
    /// without a refusal.
    ///
    /// # Errors
    /// Any kind that a read can end in; [`crate::ErrorKind::NotUnderstood`] also where something of this name has no id, since it may be another
    /// organisation. What is not understood and has another name is passed over.
    pub async fn find(&self, name: &str) -> Result<Vec<Organization>, Error> {
        let operation = operations::LIST_ORGANIZATIONS;
        let ask = || Ask::new(self.service, operation);
        let rows = pages::rows(ask, |row: &Organization| row.id.get(), pages::BYTES);
        let matching = rows.try_filter_map(|row| {
            std::future::ready(match row {
                Ok(found) => Ok((found.name == name).then_some(found)),
                Err(odd) if odd["name"] == name => Err(Error::odd_row(operation, &odd)),
                Err(_) => Ok(None),
            })
        });
        matching.try_collect().await
    }

    /// The organisation of this id.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: OrganizationId) -> Result<Organization, Error> {
        let found: OrganizationDetail = self.get_detailed(id).await?;
        Ok(found.organization)
    }

    /// As [`get`](Self::get), with its locations and policies.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn get_detailed(&self, id: OrganizationId) -> Result<OrganizationDetail, Error> {
        Ask::new(self.service, operations::GET_ORGANIZATION).at(id).send().await
    }

    /// Its devices, without the pending ones.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn devices(&self, id: OrganizationId) -> impl Stream<Item = Result<Device, Error>> + Send + use<> {
        let service = self.service.clone();
        let ask = move || Ask::new(&service, operations::LIST_ORGANIZATION_DEVICES).at(id);
        pages::after(ask, |row: &Device| row.id.get(), pages::DEVICE_BYTES)
    }

    /// The values of its custom fields that the API may read.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such organisation, else any kind that a read can end in.
    pub async fn custom_fields(&self, id: OrganizationId) -> Result<CustomFields, Error> {
        Ask::new(self.service, operations::GET_ORGANIZATION_CUSTOM_FIELDS).at(id).send().await
    }

    /// Sets custom fields; those that the patch does not name stay. Success does not prove that the values were stored: read them again.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Rejected`] when NinjaOne does not take a name or a value, else any kind that a write can end in.
    pub async fn set_custom_fields(&self, id: OrganizationId, patch: &FieldPatch) -> Result<(), Error> {
        Ask::new(self.service, operations::SET_ORGANIZATION_CUSTOM_FIELDS).at(id).json(patch).done().await
    }
}

calls! { Organizations:
    /// Adds an organisation with its locations and policies. Asked twice, it adds two: the name need not be unique.
    create = CREATE_ORGANIZATION [] { new: NewOrganization } ? query -> OrganizationDetail;
    /// Changes what `change` names, and nothing else.
    update = UPDATE_ORGANIZATION [id: OrganizationId] { change: OrganizationChange };
    /// Chooses the policy of each device role there; answers the devices that this touches.
    set_policies = SET_ORGANIZATION_POLICIES [id: OrganizationId] { policies: [PolicyAssignment] } -> Vec<DeviceId>;
    /// Its end users.
    end_users = LIST_ORGANIZATION_END_USERS [id: OrganizationId] ? query -> Vec<User>;
    /// Makes an agent's installer for a location. Its address enrols devices: treat it as a secret.
    generate_installer = GENERATE_INSTALLER [] { new: NewInstaller } -> Link;
    /// Where the agent's installer for a location is. The address enrols devices, so it is a secret, and asking for it counts as a write.
    installer = GET_INSTALLER_LINK [id: OrganizationId, location: LocationId, kind: InstallerType] -> Link;
}
