//! A read-only client sends the operations declared as reads and no other.

use halo_client::{Client, ErrorKind, operations};

use crate::wire::{call, serve, with_rows};
use crate::{calls, config, tenant};

#[tokio::test]
async fn a_read_only_client_sends_every_read_and_nothing_else() {
    for operation in with_rows() {
        let (server, full) = tenant().await;
        let requests = serve(&server, operation).await;
        let client = Client::new(config(&server).read_only()).unwrap();
        let ended = call(&client, operation).await;
        if operations::READS.contains(&operation) {
            ended.unwrap_or_else(|error| unreachable!("{operation}: {error}"));
            assert_eq!(calls(&server).await.len(), requests, "{operation}");
            continue;
        }
        let error = ended.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::ReadOnly, operation));
        assert!(!error.is_retryable() && error.to_string().contains("read-only"), "{error}");
        // Not even a token was asked for.
        assert_eq!(server.received_requests().await.unwrap().len(), 0, "{operation}");
        // The same call reaches the server with full access: the row is a row of this operation.
        call(&full, operation).await.unwrap_or_else(|error| unreachable!("{operation}: {error}"));
        assert_eq!(calls(&server).await.len(), requests, "{operation}");
    }
}
