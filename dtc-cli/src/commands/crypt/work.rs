//! Long work on files: away from the runtime's threads, with a bar, and stopped between two pieces by Ctrl-C or when its time is over.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use rclone_crypt::Progress;
use tokio::time::sleep;

use crate::deadline::Deadline;
use crate::events::{Event, Events};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::requested;
use crate::screen::Screen;

/// Shows how far work is, and says whether it is to stop.
#[derive(Clone)]
pub(crate) struct Watch {
    bar: Option<ProgressBar>,
    stop: Arc<AtomicBool>,
    counted: Option<Arc<Counted>>,
}

/// How many bytes are done, where somebody reads events.
pub(crate) struct Counted {
    events: Arc<Events>,
    done: AtomicU64,
    of: u64,
}

impl Counted {
    /// Counts to this many bytes, where somebody reads events.
    pub(crate) fn new(screen: &Screen, bytes: u64) -> Option<Self> {
        let events = screen.events()?.clone();
        Some(Self { events, done: AtomicU64::new(0), of: bytes })
    }

    /// So many more are done: an event at each percent, and at the end.
    pub(crate) fn add(&self, count: u64) {
        let before = self.done.fetch_add(count, Ordering::Relaxed);
        let done = before.saturating_add(count);
        let percent = |done: u64| u128::from(done) * 100 / u128::from(self.of.max(1));
        if percent(done) > percent(before) {
            self.events.record(&Event::Bytes { done, of: self.of });
        }
    }
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
        Self { bar, stop: Arc::default(), counted: Counted::new(screen, bytes).map(Arc::new) }
    }

    /// Takes note of a piece of work that is done; the answer says whether to go on.
    pub(crate) fn report(&self, progress: Progress<'_>) -> ControlFlow<()> {
        if let (Some(bar), Progress::Bytes(count)) = (&self.bar, progress) {
            bar.inc(count);
        }
        if let (Some(counted), Progress::Bytes(count)) = (&self.counted, progress) {
            counted.add(count);
        }
        if self.stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// How long work whose time is over may take to end a piece and clear up: a disk that no longer answers is not waited for.
const ENDING: Duration = Duration::from_secs(10);

/// Does the work. The first Ctrl-C, or the end of its time, asks it to stop; a second Ctrl-C does not wait for it.
pub(crate) async fn watched<T: Send + 'static>(
    screen: &Screen,
    deadline: &Deadline,
    bytes: u64,
    work: impl FnOnce(Watch) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    if deadline.is_over() {
        return Err(deadline.failure());
    }
    let watch = Watch::new(screen, bytes);
    let mut working = tokio::task::spawn_blocking({
        let watch = watch.clone();
        move || work(watch)
    });
    let is_over = AtomicBool::new(false);
    let stopping = async {
        tokio::select! {
            () = requested() => {
                watch.stop.store(true, Ordering::Relaxed);
                requested().await;
                Failure::interrupted()
            }
            () = deadline.passed() => {
                watch.stop.store(true, Ordering::Relaxed);
                is_over.store(true, Ordering::Relaxed);
                tokio::select! {
                    () = requested() => Failure::interrupted(),
                    () = sleep(ENDING) => deadline.failure(),
                }
            }
        }
    };
    let ended = tokio::select! {
        ended = &mut working => ended,
        failure = stopping => return Err(failure),
    };
    watch.bar.inspect(ProgressBar::finish_and_clear);
    match ended.map_err(|error| Failure::error("the work ended early").caused_by(error))? {
        Err(failure) if failure.exit == Exit::Interrupted && is_over.into_inner() => Err(deadline.failure()),
        ended => ended,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::screen::Mode;

    const SECOND: Duration = Duration::from_secs(1);

    /// What comes of work of which this many seconds pass once it has begun. Paused time stands still by itself as long as a thread works.
    async fn in_seconds<T: Send + 'static>(
        seconds: u32,
        work: impl FnOnce(Watch) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (screen, deadline) = (Screen::new(Mode::Json), Deadline::new(SECOND));
        let passing = async {
            for _ in 0..seconds {
                tokio::time::advance(SECOND).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            biased;
            ended = watched(&screen, &deadline, 1, work) => ended,
            () = passing => unreachable!("it never ends"),
        }
    }

    /// Work that asks whether to go on is stopped, and has cleared up when the command ends.
    #[tokio::test(start_paused = true)]
    async fn x7_work_whose_time_is_over_is_asked_to_stop_and_waited_for() {
        let (clearing, cleared_up) = mpsc::channel();
        let ended = in_seconds(1, move |watch| {
            while watch.report(Progress::Bytes(0)).is_continue() {
                std::thread::yield_now();
            }
            clearing.send(()).unwrap();
            Err::<(), _>(Failure::interrupted())
        });
        let failure = ended.await.unwrap_err();
        assert_eq!((failure.exit, cleared_up.try_recv()), (Exit::Incomplete, Ok(())));
        assert!(failure.remedy.unwrap().contains("--timeout"));
    }

    #[tokio::test(start_paused = true)]
    async fn x7_work_that_ends_in_time_ends_as_it_does_and_none_begins_later() {
        assert_eq!(in_seconds(0, |_| Ok(7)).await.unwrap(), 7);
        let (screen, deadline) = (Screen::new(Mode::Json), Deadline::new(SECOND));
        tokio::time::advance(SECOND).await;
        let late = watched(&screen, &deadline, 1, |_| -> Result<(), Failure> { panic!("it began") });
        assert_eq!(late.await.unwrap_err().exit, Exit::Incomplete);
    }

    /// A disk that no longer answers.
    #[tokio::test(start_paused = true)]
    async fn x7_work_that_hangs_is_given_up() {
        let (release, held) = mpsc::channel::<()>();
        let ended = in_seconds(20, move |_| {
            let _ = held.recv();
            Ok(())
        });
        assert_eq!(ended.await.unwrap_err().exit, Exit::Incomplete);
        drop(release);
    }
}
