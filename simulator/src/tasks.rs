//! The background tasks of a simulation, and how they end.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long [`Tasks::stop`] lets tasks finish.
const GRACE: Duration = Duration::from_secs(2);

/// The background tasks of one simulation. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Tasks {
    set: Arc<Mutex<JoinSet<()>>>,
    stop: watch::Sender<bool>,
}

impl Tasks {
    pub(crate) fn new() -> Self {
        Self { set: Arc::default(), stop: watch::Sender::new(false) }
    }

    /// Runs `task` until it is done or the simulation ends.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        while set.try_join_next().is_some() {}
        set.spawn(task);
    }

    /// Resolves when the simulation begins to stop.
    pub(crate) async fn stopping(&self) {
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// Asks every task to end, and waits for them, but no longer than [`GRACE`].
    pub(crate) async fn stop(&self) {
        self.stop.send_replace(true);
        let mut set = {
            let mut shared = self.set.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *shared)
        };
        let finished = async { while set.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(GRACE, finished).await;
    }

    /// Ends every task at once.
    pub(crate) fn abort(&self) {
        self.stop.send_replace(true);
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.abort_all();
    }
}

/// Aborts every task when it is dropped.
#[derive(Debug)]
pub(crate) struct AbortOnDrop(pub(crate) Tasks);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
