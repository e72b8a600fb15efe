//! Long work on files: away from the runtime's threads, with a bar, and stopped by Ctrl-C between two pieces.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};
use rclone_crypt::Progress;

use crate::failure::Failure;
use crate::interrupt::{interrupted, requested};
use crate::screen::Screen;

/// Shows how far work is, and says whether it is to stop.
#[derive(Clone)]
pub(super) struct Watch {
    bar: Option<ProgressBar>,
    stop: Arc<AtomicBool>,
}

impl Watch {
    /// Watches over work on this many bytes; a bar moves where there is a terminal.
    fn new(screen: &Screen, bytes: u64) -> Self {
        let template = "  {bar:24} {percent:>3} %  {bytes} of {total_bytes}, {eta} left";
        let bar = screen.on_terminal().then(|| {
            let bar = screen.bars().add(ProgressBar::new(bytes));
            bar.set_style(
                ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar
        });
        Self { bar, stop: Arc::default() }
    }

    /// Takes note of a piece of work that is done; the answer says whether to go on.
    pub(super) fn report(&self, progress: Progress<'_>) -> ControlFlow<()> {
        if let (Some(bar), Progress::Bytes(count)) = (&self.bar, progress) {
            bar.inc(count);
        }
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Does the work; the first Ctrl-C asks it to stop, the second does not wait for it.
pub(super) async fn watched<T: Send + 'static>(
    screen: &Screen,
    bytes: u64,
    work: impl FnOnce(Watch) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let watch = Watch::new(screen, bytes);
    let mut working = tokio::task::spawn_blocking({
        let watch = watch.clone();
        move || work(watch)
    });
    let stopping = async {
        requested().await;
        watch.stop.store(true, Ordering::Relaxed);
        requested().await;
    };
    let ended = tokio::select! {
        ended = &mut working => ended,
        () = stopping => return Err(interrupted()),
    };
    watch.bar.inspect(ProgressBar::finish_and_clear);
    ended.map_err(|error| Failure::error("the work ended early").caused_by(error))?
}
