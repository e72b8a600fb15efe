//! Organisations: the clients of the managed service provider.

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, ServiceClient};

use crate::error::Error;
use crate::ids::{OrganizationId, RmmCompanyId};
use crate::json_api::{self, Included, Query};
use crate::operations;
use crate::service::ItGlue;

json_api::resource_type! {
    /// A client.
    Organization, OrganizationId;
    {
        /// Its name; neither unique nor stable.
        name = "name": String,
    }
    {
        /// Its short name, by which people look it up.
        short_name = "short-name": Option<String>,
        /// What kind of organisation it is, such as `Customer`; each account has its own kinds.
        organization_type_name = "organization-type-name": Option<String>,
        /// Its status, such as `Active`; each account has its own.
        organization_status_name = "organization-status-name": Option<String>,
        /// Whether and how it is synchronised with a PSA. Who is refuses changes here: they are made in the PSA.
        psa_integration = "psa-integration": Option<String>,
        /// When it was last changed, as IT Glue writes it.
        updated_at = "updated-at": Option<String>,
        /// The page that shows it to people.
        page = "resource-url": Option<String>,
    }
}

/// A company of a remote monitoring system that is linked with an organisation, such as a NinjaOne organisation. IT Glue does not
/// document its attributes: those of the usual names are read, and all are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RmmCompany {
    /// The id of the link.
    pub id: RmmCompanyId,
    /// The company's name there.
    pub name: Option<String>,
    /// The system's name, such as `ninja-rmm`.
    pub integration: Option<String>,
    /// All attributes, each under its name on the wire.
    pub attributes: serde_json::Map<String, serde_json::Value>,
}

impl RmmCompany {
    fn of(included: Included) -> Option<Self> {
        if included.r#type.replace('_', "-") != "rmm-companies" {
            return None;
        }
        Some(Self {
            id: RmmCompanyId::new(included.number()?),
            name: included.text("name"),
            integration: included.text("rmm-integration-type").or_else(|| included.text("integration-type")),
            attributes: included.attributes,
        })
    }
}

/// Reads organisations; from [`crate::Client::organizations`].
#[derive(Clone, Copy, Debug)]
pub struct Organizations<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

impl Organizations<'_> {
    /// Every organisation, page by page as the stream is read.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list(&self) -> impl Stream<Item = Result<Organization, Error>> + Send + use<> {
        self.select(vec![])
    }

    /// Every organisation of exactly this name; there may be none, or several.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn find(&self, name: &str) -> Result<Vec<Organization>, Error> {
        let mut filters = Query::new();
        json_api::set_filter(&mut filters, "filter[name]", name.to_owned());
        let found: Vec<Organization> = self.select(filters).try_collect().await?;
        Ok(found.into_iter().filter(|found| found.name == name).collect())
    }

    /// Every organisation that is linked with this company of a PSA; `integration` is IT Glue's word for the system, such as `autotask`.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn of_psa_company(&self, id: &str, integration: &str) -> Result<Vec<Organization>, Error> {
        // As with configurations, the id means nothing without the system that issued it.
        let filters =
            vec![("filter[psa_id]", id.to_owned()), ("filter[psa_integration_type]", integration.to_owned())];
        self.select(filters).try_collect().await
    }

    /// The organisation of this id.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: OrganizationId) -> Result<Organization, Error> {
        json_api::this(self.service, operations::GET_ORGANIZATION, id, show(id)).await
    }

    /// The organisation of this id, with the companies of remote monitoring systems that it is linked with: how a NinjaOne organisation
    /// is found from here.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn with_rmm_companies(
        &self,
        id: OrganizationId,
    ) -> Result<(Organization, Vec<RmmCompany>), Error> {
        let call = show(id).query("include", "rmm_companies");
        let operation = operations::GET_ORGANIZATION;
        let (organization, included) = json_api::with_included(self.service, operation, id, call).await?;
        Ok((organization, included.into_iter().filter_map(RmmCompany::of).collect()))
    }

    fn select(self, filters: Query) -> impl Stream<Item = Result<Organization, Error>> + Send + use<> {
        json_api::list(self.service, operations::LIST_ORGANIZATIONS, "organizations", filters)
    }
}

fn show(id: OrganizationId) -> Call {
    let path = format!("organizations/{id}");
    Call::new(operations::GET_ORGANIZATION, Method::Get, path).subject(format_args!("organisation {id}"))
}
