//! Every operation that this crate sends, and what repeating it would do.

http_core::operations! {
    Read {
        REQUEST_TOKEN = "request_token",
        LIST_ORGANIZATIONS = "list_organizations",
        LIST_ORGANIZATIONS_DETAILED = "list_organizations_detailed",
        GET_ORGANIZATION = "get_organization",
        GET_ORGANIZATION_CUSTOM_FIELDS = "get_organization_custom_fields",
        LIST_LOCATIONS = "list_locations",
        GET_LOCATION_CUSTOM_FIELDS = "get_location_custom_fields",
        LIST_DEVICES = "list_devices",
        LIST_DEVICES_DETAILED = "list_devices_detailed",
        GET_DEVICE = "get_device",
        SEARCH_DEVICES = "search_devices",
        GET_DEVICE_CUSTOM_FIELDS = "get_device_custom_fields",
        REPORT_CUSTOM_FIELDS = "report_custom_fields",
    }
    Idempotent {
        SET_ORGANIZATION_CUSTOM_FIELDS = "set_organization_custom_fields",
        SET_LOCATION_CUSTOM_FIELDS = "set_location_custom_fields",
        SET_DEVICE_CUSTOM_FIELDS = "set_device_custom_fields",
    }
    NonIdempotent {}
}
