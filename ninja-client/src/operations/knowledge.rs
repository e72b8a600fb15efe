//! The knowledge base and related items.

crate::api_operation::api_operations! {
    UPLOAD_TEMP_ATTACHMENTS = "upload_temp_attachments", NonIdempotent Post "v2/attachments/temp/upload"
        ["entityType"];
    ARCHIVE_KNOWLEDGE_BASE_ARTICLES = "archive_knowledge_base_articles", NonIdempotent Post "v2/knowledgebase/articles/archive"
        [];
    ARCHIVE_KNOWLEDGE_BASE_FOLDERS = "archive_knowledge_base_folders", NonIdempotent Post "v2/knowledgebase/folders/archive"
        [];
    CREATE_KNOWLEDGE_BASE_ARTICLES = "create_knowledge_base_articles", NonIdempotent Post "v2/knowledgebase/articles"
        [];
    UPDATE_KNOWLEDGE_BASE_ARTICLES = "update_knowledge_base_articles", Idempotent Patch "v2/knowledgebase/articles"
        [];
    DELETE_KNOWLEDGE_BASE_ARTICLES = "delete_knowledge_base_articles", NonIdempotent Post "v2/knowledgebase/articles/delete"
        [];
    DELETE_KNOWLEDGE_BASE_FOLDERS = "delete_knowledge_base_folders", NonIdempotent Post "v2/knowledgebase/folders/delete"
        [];
    DOWNLOAD_KNOWLEDGE_BASE_ARTICLE = "download_knowledge_base_article", Read Get "v2/knowledgebase/article/{articleId}/download"
        [];
    GET_CLIENT_KNOWLEDGE_BASE_ARTICLES = "get_client_knowledge_base_articles", Read Get "v2/knowledgebase/organization/articles"
        ["organizationIds", "articleName", "includeArchived"];
    GET_GLOBAL_KNOWLEDGE_BASE_ARTICLES = "get_global_knowledge_base_articles", Read Get "v2/knowledgebase/global/articles"
        ["articleName", "includeArchived"];
    GET_KNOWLEDGE_BASE_ARTICLE_SIGNED_URLS = "get_knowledge_base_article_signed_urls", Idempotent Get "v2/knowledgebase/article/{articleId}/signed-urls"
        [];
    GET_KNOWLEDGE_BASE_FOLDER_CONTENT = "get_knowledge_base_folder_content", Read Get "v2/knowledgebase/folder/{folderId}"
        ["includeArchived"];
    GET_KNOWLEDGE_BASE_FOLDER_PATH_CONTENT = "get_knowledge_base_folder_path_content", Read Get "v2/knowledgebase/folder"
        ["folderPath", "folderId", "organizationId"];
    MOVE_KNOWLEDGE_BASE_ENTRIES = "move_knowledge_base_entries", Idempotent Patch "v2/knowledgebase/folders/move"
        [];
    RESTORE_KNOWLEDGE_BASE_ARTICLES = "restore_knowledge_base_articles", NonIdempotent Post "v2/knowledgebase/articles/restore"
        [];
    RESTORE_KNOWLEDGE_BASE_FOLDERS = "restore_knowledge_base_folders", NonIdempotent Post "v2/knowledgebase/folders/restore"
        [];
    UPLOAD_KNOWLEDGE_BASE_ARTICLES = "upload_knowledge_base_articles", NonIdempotent Post "v2/knowledgebase/articles/upload"
        [];
    CREATE_RELATED_ATTACHMENT = "create_related_attachment", NonIdempotent Post "v2/related-items/entity/{entityType}/{entityId}/attachment"
        [];
    CREATE_RELATED_ITEM_FOR_ENTITY = "create_related_item_for_entity", NonIdempotent Post "v2/related-items/entity/{entityType}/{entityId}/relation"
        [];
    CREATE_RELATED_ITEMS_FOR_ENTITY = "create_related_items_for_entity", NonIdempotent Post "v2/related-items/entity/{entityType}/{entityId}/relations"
        [];
    CREATE_SECURE_RELATED_ITEM_FOR_ENTITY = "create_secure_related_item_for_entity", NonIdempotent Post "v2/related-items/entity/{entityType}/{entityId}/secure"
        [];
    DELETE_RELATED_ITEM = "delete_related_item", Idempotent Delete "v2/related-items/{relatedItemId}" [];
    DELETE_RELATED_ITEMS = "delete_related_items", Idempotent Delete "v2/related-items/{entityType}/{entityId}"
        [];
    DOWNLOAD_RELATED_ITEM_ATTACHMENT = "download_related_item_attachment", Read Get "v2/related-items/{relatedItemId}/attachment/download"
        [];
    GET_ALL_RELATED_ITEMS = "get_all_related_items", Read Get "v2/related-items" [];
    GET_RELATED_ITEM_ATTACHMENTS_SIGNED_URLS = "get_related_item_attachments_signed_urls", Idempotent Get "v2/related-items/with-entity/{entityType}/{entityId}/attachments/signed-urls"
        [];
    GET_RELATED_ITEMS_FOR_HOST_ENTITY = "get_related_items_for_host_entity", Read Get "v2/related-items/with-entity/{entityType}/{entityId}"
        ["scope"];
    GET_RELATED_ITEMS_WITH_ENTITY = "get_related_items_with_entity", Read Get "v2/related-items/with-related-entity/{relEntityType}/{relEntityId}"
        [];
    GET_RELATED_ITEMS_WITH_ENTITY_TYPE = "get_related_items_with_entity_type", Read Get "v2/related-items/with-related-entity-type/{relatedEntityType}"
        [];
    GET_RELATED_ITEMS_WITH_HOST_ENTITY_TYPE = "get_related_items_with_host_entity_type", Read Get "v2/related-items/with-entity-type/{entityType}"
        [];
}
