//! Reports: questions that a tenant has written itself.

use http_core::{Call, Method, ServiceClient};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::ids::ReportId;
use crate::operations;
use crate::service::Halo;

/// Runs reports; from [`crate::Client::reports`].
#[derive(Clone, Copy, Debug)]
pub struct Reports<'a> {
    pub(crate) service: &'a ServiceClient<Halo>,
}

impl Reports<'_> {
    /// Runs a report and returns its rows, each with the columns that the report has.
    ///
    /// That the rows come under `report`, and `loadreport` asks for them, is inferred from public clients.
    ///
    /// # Errors
    /// [`ErrorKind::Rejected`] when the report fails, which HaloPSA says in an answer of success; [`ErrorKind::NotUnderstood`] when the answer
    /// has no rows. Else any kind that a read can end in.
    pub async fn run(&self, id: ReportId) -> Result<Vec<Map<String, Value>>, Error> {
        let operation = operations::RUN_REPORT;
        let call = Call::new(operation, Method::Get, format!("api/Report/{id}"));
        let call = call.query("includedetails", true).query("loadreport", true);
        let mut body: Value = self.service.send(call.subject(format!("report {id}"))).await?;
        let Some(Value::Array(rows)) = body.pointer_mut("/report/rows").map(Value::take) else {
            let (subject, detail) = (format!("report {id}"), "the answer has no report with rows");
            return Err(Error::of_answer(ErrorKind::NotUnderstood, operation.name(), subject, detail));
        };
        let row = |row| match row {
            Value::Object(columns) => Some(columns),
            _ => None,
        };
        Ok(rows.into_iter().filter_map(row).collect())
    }
}
