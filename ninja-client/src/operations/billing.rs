//! Billing; the specification gives no shapes.

crate::api_operation::api_operations! {
    GET_BILLING_ACCOUNTS = "get_billing_accounts", Read Get "v2/billing/accounts" [];
    CREATE_BILLING_ACCOUNT = "create_billing_account", NonIdempotent Post "v2/billing/accounts" [];
    GET_BILLING_ACCOUNT_BY_ID = "get_billing_account_by_id", Read Get "v2/billing/accounts/{id}" [];
    UPDATE_BILLING_ACCOUNT = "update_billing_account", Idempotent Put "v2/billing/accounts/{id}" [];
    DELETE_BILLING_ACCOUNT = "delete_billing_account", Idempotent Delete "v2/billing/accounts/{id}" [];
    GET_BILLING_AGREEMENTS = "get_billing_agreements", Read Get "v2/billing/agreements" [];
    CREATE_BILLING_AGREEMENT = "create_billing_agreement", NonIdempotent Post "v2/billing/agreements" [];
    GET_BILLING_AGREEMENT_BY_ID = "get_billing_agreement_by_id", Read Get "v2/billing/agreements/{id}" [];
    UPDATE_BILLING_AGREEMENT = "update_billing_agreement", Idempotent Put "v2/billing/agreements/{id}" [];
    DEACTIVATE_BILLING_AGREEMENT = "deactivate_billing_agreement", Idempotent Patch "v2/billing/agreements/{id}/deactivate"
        [];
    GET_BILLING_INVOICES = "get_billing_invoices", Read Get "v2/billing/invoices" [];
    CREATE_BILLING_INVOICE = "create_billing_invoice", NonIdempotent Post "v2/billing/invoices" [];
    GET_BILLING_INVOICE_BY_ID = "get_billing_invoice_by_id", Read Get "v2/billing/invoices/{id}" [];
    UPDATE_BILLING_INVOICE = "update_billing_invoice", Idempotent Put "v2/billing/invoices/{id}" [];
    UPDATE_BILLING_INVOICE_NOTE = "update_billing_invoice_note", Idempotent Patch "v2/billing/invoices/{id}/note"
        [];
    APPROVE_BILLING_INVOICES = "approve_billing_invoices", NonIdempotent Post "v2/billing/invoices/approve"
        [];
    ARCHIVE_BILLING_INVOICES = "archive_billing_invoices", NonIdempotent Post "v2/billing/invoices/archive"
        [];
    EXPORT_BILLING_INVOICES = "export_billing_invoices", NonIdempotent Post "v2/billing/invoices/export" [];
    UNARCHIVE_BILLING_INVOICES = "unarchive_billing_invoices", NonIdempotent Post "v2/billing/invoices/unarchive"
        [];
    GET_BILLING_PRODUCTS = "get_billing_products", Read Get "v2/billing/products" [];
    CREATE_BILLING_PRODUCT = "create_billing_product", NonIdempotent Post "v2/billing/products" [];
    GET_BILLING_PRODUCT_BY_ID = "get_billing_product_by_id", Read Get "v2/billing/products/{id}" [];
    UPDATE_BILLING_PRODUCT = "update_billing_product", Idempotent Put "v2/billing/products/{id}" [];
    ACTIVATE_BILLING_PRODUCT = "activate_billing_product", Idempotent Patch "v2/billing/products/{id}/activate"
        [];
    DEACTIVATE_BILLING_PRODUCT = "deactivate_billing_product", Idempotent Patch "v2/billing/products/{id}/deactivate"
        [];
    GET_BILLING_TICKET_PRODUCTS_BY_TICKET_ID = "get_billing_ticket_products_by_ticket_id", Read Get "v2/billing/ticket-products/ticket/{id}"
        [];
    CREATE_AD_HOC_BILLING_TICKET_PRODUCT = "create_ad_hoc_billing_ticket_product", NonIdempotent Post "v2/billing/ticket-products/adhoc"
        [];
    CREATE_CATALOG_BILLING_TICKET_PRODUCT = "create_catalog_billing_ticket_product", NonIdempotent Post "v2/billing/ticket-products/catalog"
        [];
    DELETE_BILLING_TICKET_PRODUCTS = "delete_billing_ticket_products", NonIdempotent Post "v2/billing/ticket-products/delete"
        [];
    UPDATE_BILLING_TICKET_PRODUCT = "update_billing_ticket_product", Idempotent Put "v2/billing/ticket-products/{ticketProductId}"
        [];
    UPDATE_BILLING_TICKET_TIME_ENTRY = "update_billing_ticket_time_entry", Idempotent Put "v2/billing/ticket-time-entry/{timeEntryId}"
        [];
}
