//! The kinds of resources that are listed and shown alike: all but passwords, which have values and versions.

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Organizations,
    Configurations,
    ConfigurationTypes,
    PasswordCategories,
    Locations,
    Contacts,
    Documents,
    FlexibleAssetTypes,
    FlexibleAssetFields,
    FlexibleAssets,
}

/// What the API says of a kind.
#[derive(Debug)]
pub(super) struct Spelling {
    /// The segment of its path.
    pub(super) path: &'static str,
    /// The `type` of its documents.
    pub(super) type_name: &'static str,
    /// The operations of a list, of one, of a create and of a change, as faults and transcripts name them.
    pub(super) operations: [&'static str; 4],
    /// The parameters of its lists beside paging and order.
    pub(super) filters: &'static [&'static str],
    /// What can be asked for beside one of it.
    pub(super) includes: &'static [&'static str],
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Organizations,
        Self::Configurations,
        Self::ConfigurationTypes,
        Self::PasswordCategories,
        Self::Locations,
        Self::Contacts,
        Self::Documents,
        Self::FlexibleAssetTypes,
        Self::FlexibleAssetFields,
        Self::FlexibleAssets,
    ];

    pub(super) fn of_path(segment: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.spelling().path == segment)
    }

    /// Whether lists of it exist. Those of documents are for people who are logged in, and fields are listed below their type.
    pub(super) fn is_listed(self) -> bool {
        !matches!(self, Self::Documents | Self::FlexibleAssetFields)
    }

    /// Whether it belongs to an organisation, and is listed below it too.
    pub(super) fn is_of_an_organization(self) -> bool {
        matches!(
            self,
            Self::Configurations | Self::Locations | Self::Contacts | Self::Documents | Self::FlexibleAssets
        )
    }

    /// Whether an API key can write it here.
    pub(super) fn is_writable(self) -> bool {
        matches!(self, Self::Configurations | Self::FlexibleAssets)
    }

    pub(super) fn spelling(self) -> &'static Spelling {
        match self {
            Self::Organizations => &ORGANIZATIONS,
            Self::Configurations => &CONFIGURATIONS,
            Self::ConfigurationTypes => &CONFIGURATION_TYPES,
            Self::PasswordCategories => &PASSWORD_CATEGORIES,
            Self::Locations => &LOCATIONS,
            Self::Contacts => &CONTACTS,
            Self::Documents => &DOCUMENTS,
            Self::FlexibleAssetTypes => &FLEXIBLE_ASSET_TYPES,
            Self::FlexibleAssetFields => &FLEXIBLE_ASSET_FIELDS,
            Self::FlexibleAssets => &FLEXIBLE_ASSETS,
        }
    }
}

const ATTACHMENTS: &[&str] = &["attachments"];
const NONE: &str = "unknown";

static ORGANIZATIONS: Spelling = Spelling {
    path: "organizations",
    type_name: "organizations",
    operations: ["list_organizations", "get_organization", NONE, NONE],
    filters: &["filter[id]", "filter[name]", "filter[psa_id]", "filter[psa_integration_type]"],
    includes: &["rmm_companies"],
};
static CONFIGURATIONS: Spelling = Spelling {
    path: "configurations",
    type_name: "configurations",
    operations: ["list_configurations", "get_configuration", "create_configuration", "update_configuration"],
    filters: &[
        "filter[id]",
        "filter[name]",
        "filter[organization_id]",
        "filter[configuration_type_id]",
        "filter[serial_number]",
        "filter[mac_address]",
        "filter[asset_tag]",
        "filter[archived]",
        "filter[rmm_id]",
        "filter[rmm_integration_type]",
    ],
    includes: ATTACHMENTS,
};
static CONFIGURATION_TYPES: Spelling = Spelling {
    path: "configuration_types",
    type_name: "configuration-types",
    operations: ["list_configuration_types", "get_configuration_type", NONE, NONE],
    filters: &["filter[name]"],
    includes: &[],
};
static PASSWORD_CATEGORIES: Spelling = Spelling {
    path: "password_categories",
    type_name: "password-categories",
    operations: ["list_password_categories", "get_password_category", NONE, NONE],
    filters: &["filter[name]"],
    includes: &[],
};
static LOCATIONS: Spelling = Spelling {
    path: "locations",
    type_name: "locations",
    operations: ["list_locations", "get_location", NONE, NONE],
    filters: &["filter[id]", "filter[name]", "filter[organization_id]"],
    includes: ATTACHMENTS,
};
static CONTACTS: Spelling = Spelling {
    path: "contacts",
    type_name: "contacts",
    operations: ["list_contacts", "get_contact", NONE, NONE],
    filters: &["filter[id]", "filter[first_name]", "filter[last_name]", "filter[organization_id]"],
    includes: ATTACHMENTS,
};
static DOCUMENTS: Spelling = Spelling {
    path: "documents",
    type_name: "documents",
    operations: ["list_documents", "get_document", NONE, NONE],
    filters: &[],
    includes: ATTACHMENTS,
};
static FLEXIBLE_ASSET_TYPES: Spelling = Spelling {
    path: "flexible_asset_types",
    type_name: "flexible-asset-types",
    operations: ["list_flexible_asset_types", "get_flexible_asset_type", NONE, NONE],
    filters: &["filter[name]", "filter[enabled]"],
    includes: &[],
};
static FLEXIBLE_ASSET_FIELDS: Spelling = Spelling {
    path: "flexible_asset_fields",
    type_name: "flexible-asset-fields",
    operations: ["list_flexible_asset_fields", "get_flexible_asset_field", NONE, NONE],
    filters: &[],
    includes: &[],
};
/// Here alone, filters are spelt with hyphens.
static FLEXIBLE_ASSETS: Spelling = Spelling {
    path: "flexible_assets",
    type_name: "flexible-assets",
    operations: [
        "list_flexible_assets",
        "get_flexible_asset",
        "create_flexible_asset",
        "update_flexible_asset",
    ],
    filters: &["filter[flexible-asset-type-id]", "filter[organization-id]", "filter[name]"],
    includes: ATTACHMENTS,
};
