//! The tenant, its policies, and people.

use ninja_client::shapes::{
    ContactChange, EndUserChange, FieldOperator, FieldTest, NewContact, NewCustomFieldCondition, NewEndUser,
    NewPolicy, NewTechnician, NewWindowsEventCondition, Severity, TechnicianChange, Webhook,
};
use ninja_client::{ActivityId, DeviceFilter, HeaderValue, Members, NodeClass, Parameters};

use super::{first, rows};

rows! { c, at;
    LIST_GROUPS "/v2/groups" ""
        { null } -> { [] }
        c.tenant().groups().await;
    LIST_TASKS "/v2/tasks" ""
        { null } -> { [] }
        c.tenant().tasks().await;
    LIST_SCRIPTS "/v2/automation/scripts" "lang=en"
        { null } -> { [] }
        c.tenant().scripts(&Parameters::new().language("en")).await;
    LIST_SOFTWARE_PRODUCTS "/v2/software-products" ""
        { null } -> { [] }
        c.tenant().software_products().await;
    LIST_NOTIFICATION_CHANNELS "/v2/notification-channels" ""
        { null } -> { [] }
        c.tenant().notification_channels().await;
    LIST_ENABLED_NOTIFICATION_CHANNELS "/v2/notification-channels/enabled" ""
        { null } -> { [] }
        c.tenant().enabled_notification_channels().await;
    LIST_NODE_ROLES "/v2/roles" ""
        { null } -> { [] }
        c.tenant().device_roles().await;
    LIST_JOBS "/v2/jobs" "df=online&lang=en"
        { null } -> { [] }
        c.tenant().jobs(&Parameters::new().devices(&DeviceFilter::new().online()).language("en")).await;
    LIST_ACTIVITIES "/v2/activities" "status=COMPLETED&newerThan=5&pageSize=1000"
        { null } -> { { "activities": [] } }
        first(c.tenant().activities(&Parameters::new().status("COMPLETED").newer_than(ActivityId::new(5)))).await;
    CONFIGURE_WEBHOOK "/v2/webhook" ""
        { { "url": "https://hook.example/in", "activities": { "CONDITION": ["TRIGGERED"] }, "expand": ["device"], "headers": [{ "name": "x-key", "value": "a-header-value" }] } } -> { null }
        c.tenant().configure_webhook(&Webhook::new("https://hook.example/in").activities("CONDITION", &["TRIGGERED"]).expand("device").header("x-key", HeaderValue::new("a-header-value".to_owned()))).await;
    DISABLE_WEBHOOK "/v2/webhook" ""
        { null } -> { null }
        c.tenant().disable_webhook().await;
    LIST_ALERTS "/v2/alerts" "sourceType=CONDITION_NMS_CPU&df=online&lang=en"
        { null } -> { [] }
        c.alerts().list(&Parameters::new().source_type("CONDITION_NMS_CPU").devices(&DeviceFilter::new().online()).language("en")).await;
    RESET_ALERT "/v2/alert/c0ffee00-0d1b-4b6f-9a55-6a3d0f7b2f10" ""
        { null } -> { null }
        c.alerts().reset(&at.alert).await;
    RESET_ALERT_WITH_DATA "/v2/alert/c0ffee00-0d1b-4b6f-9a55-6a3d0f7b2f10/reset" ""
        { { "note": "seen" } } -> { null }
        c.alerts().reset_with(&at.alert, &Members::new().with("note", "seen")).await;
    LIST_POLICIES "/v2/policies" ""
        { null } -> { [] }
        c.policies().list().await;
    CREATE_POLICY "/v2/policies" "mode=NEW"
        { { "name": "Servers", "nodeClass": "WINDOWS_SERVER", "enabled": true } } -> { {} }
        c.policies().create(&NewPolicy::new().name("Servers").node_class(NodeClass::WindowsServer).enabled(true), &Parameters::new().mode("NEW")).await;
    LIST_CUSTOM_FIELD_CONDITIONS "/v2/policies/40/condition/custom-fields" ""
        { null } -> { [] }
        c.policies().custom_field_conditions(at.policy).await;
    CREATE_CUSTOM_FIELD_CONDITION "/v2/policies/40/condition/custom-fields" ""
        { { "enabled": true, "displayName": "No contact", "severity": "MINOR", "matchAll": [{ "fieldName": "siteContact", "operator": "EQUALS", "value": "" }] } } -> { {} }
        c.policies().create_custom_field_condition(at.policy, &NewCustomFieldCondition::new().enabled(true).display_name("No contact").severity(Severity::Minor).match_all(vec![FieldTest::new("siteContact".into(), FieldOperator::Equals, String::new())])).await;
    GET_CUSTOM_FIELD_CONDITION "/v2/policies/40/condition/custom-fields/e0463b9c-15f7-49ad-b8d2-36a7c5e1f098" ""
        { null } -> { {} }
        c.policies().custom_field_condition(at.policy, &at.condition).await;
    LIST_WINDOWS_EVENT_CONDITIONS "/v2/policies/40/condition/windows-event" ""
        { null } -> { [] }
        c.policies().windows_event_conditions(at.policy).await;
    CREATE_WINDOWS_EVENT_CONDITION "/v2/policies/40/condition/windows-event" ""
        { { "source": "Disk", "eventIds": [7], "enabled": true, "displayName": "Bad block" } } -> { {} }
        c.policies().create_windows_event_condition(at.policy, &NewWindowsEventCondition::new("Disk".into(), vec![7]).enabled(true).display_name("Bad block")).await;
    GET_WINDOWS_EVENT_CONDITION "/v2/policies/40/condition/windows-event/e0463b9c-15f7-49ad-b8d2-36a7c5e1f098" ""
        { null } -> { {} }
        c.policies().windows_event_condition(at.policy, &at.condition).await;
    DELETE_POLICY_CONDITION "/v2/policies/40/condition/e0463b9c-15f7-49ad-b8d2-36a7c5e1f098" ""
        { null } -> { null }
        c.policies().delete_condition(at.policy, &at.condition).await;
    LIST_USERS "/v2/users" "userType=TECHNICIAN&includeRoles=true"
        { null } -> { [] }
        c.users().list(&Parameters::new().user_type("TECHNICIAN").include_roles(true)).await;
    LIST_TECHNICIANS "/v2/user/technicians" ""
        { null } -> { [] }
        c.users().technicians().await;
    GET_TECHNICIAN "/v2/user/technician/31" ""
        { null } -> { {} }
        c.users().technician(at.technician).await;
    CREATE_TECHNICIAN "/v2/user/technicians" ""
        { { "firstName": "Ada", "lastName": "Byron", "email": "ada@example.org" } } -> { {} }
        c.users().create_technician(&NewTechnician::new().first_name("Ada").last_name("Byron").email("ada@example.org")).await;
    UPDATE_TECHNICIAN "/v2/user/technician/31" ""
        { { "lastName": "King" } } -> { null }
        c.users().update_technician(at.technician, &TechnicianChange::new().last_name("King")).await;
    DELETE_TECHNICIAN "/v2/user/technician/31" ""
        { null } -> { null }
        c.users().delete_technician(at.technician).await;
    LIST_END_USERS "/v2/user/end-users" ""
        { null } -> { [] }
        c.users().end_users().await;
    GET_END_USER "/v2/user/end-user/32" ""
        { null } -> { {} }
        c.users().end_user(at.end_user).await;
    CREATE_END_USER "/v2/user/end-users" "sendInvitation=false"
        { { "firstName": "Eve", "lastName": "Byron", "email": "eve@example.org", "organizationId": 2 } } -> { {} }
        c.users().create_end_user(&NewEndUser::new().first_name("Eve").last_name("Byron").email("eve@example.org").organization_id(at.organization), &Parameters::new().send_invitation(false)).await;
    UPDATE_END_USER "/v2/user/end-user/32" ""
        { { "lastName": "King" } } -> { {} }
        c.users().update_end_user(at.end_user, &EndUserChange::new().last_name("King")).await;
    DELETE_END_USER "/v2/user/end-user/32" ""
        { null } -> { null }
        c.users().delete_end_user(at.end_user).await;
    LIST_USER_ROLES "/v2/user/roles" "roleType=TECHNICIAN"
        { null } -> { [] }
        c.users().roles(&Parameters::new().role_type("TECHNICIAN")).await;
    ADD_ROLE_MEMBERS "/v2/user/role/51/add-members" ""
        { [31] } -> { {} }
        c.users().add_role_members(at.user_role, &[at.technician]).await;
    REMOVE_ROLE_MEMBERS "/v2/user/role/51/remove-members" ""
        { [31] } -> { {} }
        c.users().remove_role_members(at.user_role, &[at.technician]).await;
    LIST_CONTACTS "/v2/contacts" ""
        { null } -> { [] }
        c.contacts().list().await;
    GET_CONTACT "/v2/contact/41" ""
        { null } -> { {} }
        c.contacts().get(at.contact).await;
    CREATE_CONTACT "/v2/contacts" ""
        { { "organizationId": 2, "firstName": "Ida", "lastName": "Byron", "email": "ida@example.org" } } -> { {} }
        c.contacts().create(&NewContact::new().organization_id(at.organization).first_name("Ida").last_name("Byron").email("ida@example.org")).await;
    UPDATE_CONTACT "/v2/contact/41" ""
        { { "phone": "+1 555 0100" } } -> { {} }
        c.contacts().update(at.contact, &ContactChange::new().phone("+1 555 0100")).await;
    DELETE_CONTACT "/v2/contact/41" ""
        { null } -> { null }
        c.contacts().delete(at.contact).await;
}
