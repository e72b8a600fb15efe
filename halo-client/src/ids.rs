//! The ids that HaloPSA issues, each a type of its own. They are numbers, and read from a text of digits as well.

http_core::id_types! {
    /// A ticket; HaloPSA's own word is *fault*. It is the number that people know the ticket by.
    TicketId: u64;
    /// An action of a ticket: a note, a mail, a change of status. Counted within its ticket.
    ActionId: u64;
    /// A customer: an organisation that is served. HaloPSA says *client*, and *customer* in its scopes.
    CustomerId: i64;
    /// A site of a client.
    SiteId: i64;
    /// A status of tickets; each tenant has its own.
    StatusId: i64;
    /// An outcome: a kind of action. Each tenant has its own, and an agent may run some of them only.
    OutcomeId: i64;
    /// An asset: a device of a client.
    AssetId: u64;
    /// A report.
    ReportId: u64;
    /// An API application; not a secret.
    ApplicationId: String;
}
