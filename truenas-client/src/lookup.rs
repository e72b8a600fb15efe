//! Rows of a resource: by a query, or the one that has a value.

use http_core::Operation;
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::query::{Operand, Query};
use crate::{Client, Error, ErrorKind};

impl Client {
    /// The rows that a query finds, once the query has been found to break no rule.
    pub(crate) async fn select<T: DeserializeOwned>(
        &self,
        operation: Operation,
        query: &Query,
    ) -> Result<Vec<T>, Error> {
        query.check().map_err(|kind| Error::new(operation.name(), self.subject(), kind))?;
        self.carry_out(Call::new(operation, query.params())).await
    }

    /// The row whose field has this value. Asked for by a query, since CORE has no call for one row.
    pub(crate) async fn one_of<T: DeserializeOwned>(
        &self,
        operation: Operation,
        field: &str,
        value: impl Into<Operand>,
    ) -> Result<T, Error> {
        let found: Vec<T> = self.select(operation, &Query::new().equals(field, value)).await?;
        let missing = || Error::new(operation.name(), self.subject(), ErrorKind::NotFound);
        found.into_iter().next().ok_or_else(missing)
    }
}
