//! Checklists.

crate::api_operation::api_operations! {
    ARCHIVE_CHECKLIST_TEMPLATE = "archive_checklist_template", NonIdempotent Post "v2/checklist/archive" [];
    GET_CHECKLIST_TEMPLATES = "get_checklist_templates", Read Get "v2/checklist/templates"
        ["checklistTemplateIds", "checklistTemplateName", "required", "includeArchived"];
    UPDATE_CHECKLIST_TEMPLATES = "update_checklist_templates", Idempotent Put "v2/checklist/templates" [];
    CREATE_CHECKLIST_TEMPLATES = "create_checklist_templates", NonIdempotent Post "v2/checklist/templates" [];
    DELETE_CHECKLIST_TEMPLATE = "delete_checklist_template", Idempotent Delete "v2/checklist/template/{checklistTemplateId}"
        [];
    DELETE_CHECKLIST_TEMPLATES = "delete_checklist_templates", NonIdempotent Post "v2/checklist/templates/delete"
        [];
    RESTORE_CHECKLIST_TEMPLATE = "restore_checklist_template", NonIdempotent Post "v2/checklist/restore" [];
    ARCHIVE_ORGANIZATION_CHECKLISTS = "archive_organization_checklists", NonIdempotent Post "v2/organization/archive"
        [];
    GET_CLIENT_CHECKLISTS = "get_client_checklists", Read Get "v2/organization/checklists"
        ["checklistIds", "organizationIds", "checklistName", "assignedToUserId", "completed", "required", "includeArchived"];
    UPDATE_ORGANIZATION_CHECKLISTS = "update_organization_checklists", Idempotent Put "v2/organization/checklists"
        [];
    CREATE_ORGANIZATION_CHECKLISTS = "create_organization_checklists", NonIdempotent Post "v2/organization/checklists"
        [];
    CREATE_ORGANIZATION_CHECKLISTS_FROM_TEMPLATES = "create_organization_checklists_from_templates", NonIdempotent Post "v2/organization/{organizationId}/checklists-from-templates"
        [];
    GET_CLIENT_CHECKLIST = "get_client_checklist", Read Get "v2/organization/checklist/{checklistId}" [];
    DELETE_CLIENT_CHECKLIST = "delete_client_checklist", Idempotent Delete "v2/organization/checklist/{checklistId}"
        [];
    DELETE_CLIENT_CHECKLISTS = "delete_client_checklists", NonIdempotent Post "v2/organization/checklists/delete"
        [];
    GET_CLIENT_CHECKLIST_SIGNED_URLS = "get_client_checklist_signed_urls", Idempotent Get "v2/organization/checklist/{checklistId}/signed-urls"
        [];
    PROMOTE_CLIENT_CHECKLISTS_WITH_NAME = "promote_client_checklists_with_name", NonIdempotent Post "v2/organization/checklists/promote-with-name"
        [];
    PROMOTE_CLIENT_CHECKLISTS = "promote_client_checklists", NonIdempotent Post "v2/organization/checklists/promote"
        [];
    RESTORE_ORGANIZATION_CHECKLISTS = "restore_organization_checklists", NonIdempotent Post "v2/organization/restore"
        [];
}
