//! Documents of organisations.

crate::api_operation::api_operations! {
    ARCHIVE_CLIENT_DOCUMENT = "archive_client_document", NonIdempotent Post "v2/organization/document/{clientDocumentId}/archive"
        [];
    ARCHIVE_MULTI_PAGE_CLIENT_DOCUMENTS = "archive_multi_page_client_documents", NonIdempotent Post "v2/organization/documents/archive"
        [];
    CREATE_ORGANIZATION_DOCUMENT = "create_organization_document", NonIdempotent Post "v2/organization/{organizationId}/template/{documentTemplateId}/document"
        [];
    GET_CLIENT_DOCUMENTS_WITH_ATTRIBUTE_VALUES = "get_client_documents_with_attribute_values", Read Get "v2/organization/documents"
        ["groupBy", "organizationIds", "templateIds", "templateName", "documentName"];
    CREATE_ORGANIZATION_DOCUMENTS = "create_organization_documents", NonIdempotent Post "v2/organization/documents"
        [];
    UPDATE_ORGANIZATION_DOCUMENTS = "update_organization_documents", Idempotent Patch "v2/organization/documents"
        [];
    DELETE_CLIENT_DOCUMENT = "delete_client_document", Idempotent Delete "v2/organization/document/{clientDocumentId}"
        [];
    GET_CLIENT_DOCUMENT_SIGNED_URLS = "get_client_document_signed_urls", Idempotent Get "v2/organization/document/{clientDocumentId}/signed-urls"
        [];
    GET_ORGANIZATION_DOCUMENTS = "get_organization_documents", Read Get "v2/organization/{organizationId}/documents"
        [];
    RESTORE_CLIENT_DOCUMENT = "restore_client_document", NonIdempotent Post "v2/organization/document/{clientDocumentId}/restore"
        [];
    RESTORE_MULTI_PAGE_CLIENT_DOCUMENTS = "restore_multi_page_client_documents", NonIdempotent Post "v2/organization/documents/restore"
        [];
    UPDATE_ORGANIZATION_DOCUMENT = "update_organization_document", NonIdempotent Post "v2/organization/{organizationId}/document/{clientDocumentId}"
        [];
    ARCHIVE_DOCUMENT_TEMPLATE = "archive_document_template", NonIdempotent Post "v2/document-templates/{documentTemplateId}/archive"
        [];
    ARCHIVE_DOCUMENT_TEMPLATES = "archive_document_templates", NonIdempotent Post "v2/document-templates/archive"
        [];
    GET_DOCUMENT_TEMPLATES_WITH_ATTRIBUTES = "get_document_templates_with_attributes", Read Get "v2/document-templates"
        ["templateName", "includeTechnicianRoles"];
    CREATE_DOCUMENT_TEMPLATE = "create_document_template", NonIdempotent Post "v2/document-templates" [];
    GET_DOCUMENT_TEMPLATE = "get_document_template", Read Get "v2/document-templates/{documentTemplateId}"
        ["includeTechnicianRoles"];
    UPDATE_DOCUMENT_TEMPLATE = "update_document_template", Idempotent Put "v2/document-templates/{documentTemplateId}"
        [];
    DELETE_DOCUMENT_TEMPLATE = "delete_document_template", Idempotent Delete "v2/document-templates/{documentTemplateId}"
        [];
    RESTORE_DOCUMENT_TEMPLATE = "restore_document_template", NonIdempotent Post "v2/document-templates/{documentTemplateId}/restore"
        [];
    RESTORE_DOCUMENT_TEMPLATES = "restore_document_templates", NonIdempotent Post "v2/document-templates/restore"
        [];
}
