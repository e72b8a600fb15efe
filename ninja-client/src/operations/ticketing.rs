//! NinjaOne's own tickets.

crate::api_operation::api_operations! {
    CREATE_TICKET = "create_ticket", NonIdempotent Post "v2/ticketing/ticket" [];
    CREATE_TICKET_COMMENT = "create_ticket_comment", NonIdempotent Post "v2/ticketing/ticket/{ticketId}/comment"
        [];
    GET_TICKET = "get_ticket", Read Get "v2/ticketing/ticket/{ticketId}" [];
    UPDATE_TICKET = "update_ticket", Idempotent Put "v2/ticketing/ticket/{ticketId}" [];
    GET_TICKET_LOG_ENTRIES_BY_TICKET_ID = "get_ticket_log_entries_by_ticket_id", Read Get "v2/ticketing/ticket/{ticketId}/log-entry"
        ["type", "createTime", "anchorId", "pageSize"];
    GET_TICKET_ATTRIBUTES = "get_ticket_attributes", Read Get "v2/ticketing/attributes" [];
    LIST_TICKETING_CONTACTS = "list_ticketing_contacts", Read Get "v2/ticketing/contact/contacts" [];
    GET_TICKET_FORM_BY_ID = "get_ticket_form_by_id", Read Get "v2/ticketing/ticket-form/{id}" [];
    GET_TICKET_FORMS = "get_ticket_forms", Read Get "v2/ticketing/ticket-form" [];
    LIST_TICKET_STATUSES = "list_ticket_statuses", Read Get "v2/ticketing/statuses" [];
    LIST_TICKET_BOARDS = "list_ticket_boards", Read Get "v2/ticketing/trigger/boards" [];
    RUN_TICKET_BOARD = "run_ticket_board", Read Post "v2/ticketing/trigger/board/{boardId}/run" [];
    LIST_TICKETING_USERS_AND_CONTACTS = "list_ticketing_users_and_contacts", Read Get "v2/ticketing/app-user-contact"
        ["pageSize", "anchorNaturalId", "searchCriteria", "userType", "clientId"];
}
