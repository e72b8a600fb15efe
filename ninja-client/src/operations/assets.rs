//! Assets: tags, relationships, licences, unmanaged devices, scans.

crate::api_operation::api_operations! {
    CREATE_NODE_ROLES = "create_node_roles", NonIdempotent Post "v2/noderole" [];
    UPDATE_NODE_ROLES = "update_node_roles", Idempotent Patch "v2/noderole" [];
    DELETE_NODE_ROLES = "delete_node_roles", NonIdempotent Post "v2/noderole/delete" [];
    LIST_ASSIGNABLE_NODE_ROLES = "list_assignable_node_roles", Read Get "v2/noderole/list" ["isAssignable"];
    BATCH_UPDATE_TAGS = "batch_update_tags", NonIdempotent Post "v2/tag/{assetType}" [];
    GET_TAGS = "get_tags", Read Get "v2/tag" [];
    CREATE_TAG = "create_tag", NonIdempotent Post "v2/tag" [];
    UPDATE_TAG = "update_tag", Idempotent Put "v2/tag/{tagId}" [];
    DELETE_TAG = "delete_tag", Idempotent Delete "v2/tag/{tagId}" [];
    DELETE_TAGS = "delete_tags", NonIdempotent Post "v2/tag/delete" [];
    MERGE_TAGS = "merge_tags", NonIdempotent Post "v2/tag/merge" [];
    SET_TAGS_FOR_ASSET = "set_tags_for_asset", Idempotent Put "v2/tag/{assetType}/{assetId}" [];
    CREATE_SOFTWARE_LICENSE = "create_software_license", NonIdempotent Post "v2/software-license" [];
    GET_SOFTWARE_LICENSE = "get_software_license", Read Get "v2/software-license/{licenseId}" [];
    UPDATE_SOFTWARE_LICENSE = "update_software_license", Idempotent Put "v2/software-license/{licenseId}" [];
    DELETE_SOFTWARE_LICENSE = "delete_software_license", Idempotent Delete "v2/software-license/{licenseId}"
        [];
    GET_SOFTWARE_LICENSE_ASSIGNMENTS = "get_software_license_assignments", Read Get "v2/software-license/{licenseId}/assignments"
        [];
    UPDATE_SOFTWARE_LICENSE_ASSIGNMENT_LAST_USAGE = "update_software_license_assignment_last_usage", Idempotent Put "v2/software-license/assignments/last-usage"
        [];
    GET_SOFTWARE_LICENSES = "get_software_licenses", Read Get "v2/software-license/licenses" [];
    UPSERT_SOFTWARE_LICENSE = "upsert_software_license", NonIdempotent Post "v2/software-license/upsert" [];
    CREATE_ASSET_RELATIONSHIP = "create_asset_relationship", NonIdempotent Post "v2/itam/asset-relationship"
        [];
    DELETE_ASSET_RELATIONSHIP = "delete_asset_relationship", Idempotent Delete "v2/itam/asset-relationship"
        [];
    GET_ASSET_RELATIONSHIPS_BY_ENTITY = "get_asset_relationships_by_entity", Read Get "v2/itam/asset-relationship/{entityType}/{entityId}/relations"
        [];
    GET_ASSET_RELATIONSHIPS = "get_asset_relationships", Read Get "v2/itam/asset-relationship/relations" [];
    GET_ASSET_RELATIONSHIP_TYPES = "get_asset_relationship_types", Read Get "v2/itam/asset-relationship/types"
        [];
    CREATE_ASSET_RELATIONSHIP_TYPE = "create_asset_relationship_type", NonIdempotent Post "v2/itam/asset-relationship/types"
        [];
    CREATE_UNMANAGED_DEVICE = "create_unmanaged_device", NonIdempotent Post "v2/itam/unmanaged-device" [];
    DECOMMISSION_UNMANAGED_DEVICE = "decommission_unmanaged_device", NonIdempotent Post "v2/itam/unmanaged-device/{nodeId}/decommission"
        [];
    DECOMMISSION_UNMANAGED_DEVICE_LIST = "decommission_unmanaged_device_list", NonIdempotent Post "v2/itam/unmanaged-device/decommissionList"
        [];
    UPDATE_UNMANAGED_DEVICE = "update_unmanaged_device", Idempotent Put "v2/itam/unmanaged-device/{nodeId}"
        [];
    DELETE_UNMANAGED_DEVICE = "delete_unmanaged_device", Idempotent Delete "v2/itam/unmanaged-device/{nodeId}"
        [];
    FETCH_ALL_SCAN_GROUPS = "fetch_all_scan_groups", Read Get "v2/vulnerability/scan-groups" [];
    FETCH_SCAN_GROUP_BY_ID = "fetch_scan_group_by_id", Read Get "v2/vulnerability/scan-groups/{scan-group-id}"
        [];
    UPDATE_SCAN_GROUP = "update_scan_group", NonIdempotent Post "v2/vulnerability/scan-groups/{scan-group-id}/upload"
        [];
}
