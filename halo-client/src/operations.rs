//! Every operation that this crate sends, and what repeating it would do.

http_core::operations! {
    Read {
        DISCOVER = "discover",
        REQUEST_TOKEN = "request_token",
        LIST_TICKETS = "list_tickets",
        GET_TICKET = "get_ticket",
        LIST_ACTIONS = "list_actions",
        LIST_CUSTOMERS = "list_customers",
        GET_CUSTOMER = "get_customer",
        LIST_SITES = "list_sites",
        GET_SITE = "get_site",
        LIST_STATUSES = "list_statuses",
        LIST_OUTCOMES = "list_outcomes",
        LIST_ASSETS = "list_assets",
        GET_ASSET = "get_asset",
        RUN_REPORT = "run_report",
    }
    Idempotent {
        UPDATE_TICKET = "update_ticket",
        UPDATE_CUSTOMER = "update_customer",
        UPDATE_ASSET = "update_asset",
    }
    NonIdempotent {
        ADD_ACTION = "add_action",
    }
}
