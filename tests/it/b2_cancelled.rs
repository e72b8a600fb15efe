//! A call is dropped after each of its polls: no request is sent afterwards, everything that was started can be listed, and the client
//! can be used for the next call. The client and the simulated service share a paused clock, so that no test waits.

use std::future::{Future, poll_fn};
use std::num::{NonZeroU16, NonZeroUsize};
use std::path::PathBuf;
use std::task::Poll;
use std::time::Duration;

use b2_client::files::{CopyFile, Download, Governance, ListFiles, Progress, Source, UploadFile};
use b2_client::{BucketName, Client, Error, FileId};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, TryStreamExt as _, stream};
use simulator::Fault;

use crate::b2_site::{SHARED, Site, World, describe_version};

/// With the paused clock, a sleep of any length ends when nothing is left to do before that time. Longer than [`SLOW`].
const SETTLED: Duration = Duration::from_millis(10);

/// The number of parts that an upload sends at the same time.
const SIDE_BY_SIDE: usize = 2;

/// The largest number of concurrent requests: the parts of a copy.
const MOST_CONCURRENT: u64 = 4;

/// When a call is dropped later: its requests have arrived by then, and an upload waits [longer](SLOW) for its answer.
const ARRIVED: Duration = Duration::from_millis(2);

/// How long the service takes to answer an upload.
const SLOW: Duration = Duration::from_millis(4);

/// For how many turns of the runtime the blocking thread is busy.
const BUSY: usize = 20;

/// More than two parts of ten bytes.
const LARGE: &[u8] = b"0123456789abcdefghijklmno";

/// When a future is dropped: after a number of polls, at once or after its requests have arrived.
#[derive(Clone, Copy)]
struct Dropped {
    polls: usize,
    later: bool,
}

impl Dropped {
    /// After the first poll, the second, and so on; each at once and later.
    fn everywhere() -> impl Iterator<Item = Self> {
        let all = (1..150).flat_map(|polls| [false, true].map(|later| Self { polls, later }));
        all.chain(std::iter::once_with(|| panic!("the call never finishes")))
    }

    /// Polls a future and drops it. Returns its output if it had finished by then.
    async fn of<F: Future + Unpin>(self, mut future: F) -> Option<F::Output> {
        let mut left = self.polls;
        let output = poll_fn(|context| {
            let polled = future.poll_unpin(context).map(Some);
            left -= 1;
            if polled.is_pending() && left == 0 { Poll::Ready(None) } else { polled }
        });
        let output = output.await;
        if output.is_none() && self.later {
            tokio::time::sleep(ARRIVED).await;
        }
        output
    }
}

type Act = for<'a> fn(Site<'a>) -> BoxFuture<'a, Result<String, Error>>;

/// Drops a call after its first poll, its second, and so on until it finishes; returns how often it was dropped.
async fn dropped_everywhere(world: &World, client: &Client, act: Act) -> usize {
    for (number, dropped) in Dropped::everywhere().enumerate() {
        let site = Site { world, client, number };
        let done = dropped.of(act(site)).await;
        at_rest(world).await;
        if let Some(result) = done {
            assert!(!result.unwrap().is_empty());
            assert_eq!(world.unfinished(&site.name()), [""; 0]);
            return number;
        }
        nothing_is_lost(site).await;
    }
    unreachable!("the iterator panics before its end")
}

/// Waits until the requests that were in progress when the call was dropped have arrived, and checks that no others follow.
async fn at_rest(world: &World) {
    let before = world.sim.faults().requests();
    let mut last = before;
    loop {
        tokio::time::sleep(SETTLED).await;
        let now = world.sim.faults().requests();
        if now == last {
            break;
        }
        last = now;
    }
    assert!(last - before <= MOST_CONCURRENT, "{} requests after the drop", last - before);
}

/// Checks that what the dropped call left unfinished is listed and can be cancelled, and that the client can be used at once.
async fn nothing_is_lost(at: Site<'_>) {
    let left = at.world.unfinished(&at.name());
    let listed: Vec<_> =
        at.files().list_unfinished(&at.world.bucket, &at.name()).try_collect().await.unwrap();
    assert_eq!(listed.len(), left.len());
    assert!(left.len() <= 1, "{left:?}");
    for version in listed {
        at.files().cancel_large_file(&version.id).await.unwrap();
    }
    assert_eq!(at.world.unfinished(&at.name()), [""; 0]);
    let next = UploadFile::new(at.world.bucket.clone(), at.file()).info("the", "next");
    at.files().upload(&next, Source::bytes("the next")).await.unwrap();
    assert_eq!(at.world.sim.b2().read(SHARED, &at.name()).unwrap(), b"the next");
}

/// Checks that no upload used a URL that a dropped upload may still use.
fn no_url_was_taken(world: &World) {
    for line in world.sim.transcript().lines() {
        assert!(!line.text.contains("auth_token_limit"), "{}", line.text);
    }
}

async fn everywhere(least: usize, act: Act) {
    let world = World::new().await;
    let client = world.client();
    let times = Box::pin(dropped_everywhere(&world, &client, act)).await;
    assert!(times >= least, "dropped {times} times only");
    no_url_was_taken(&world);
}

/// A request of this case, while the service delays its answers to uploads.
fn request(at: &Site<'_>) -> UploadFile {
    at.world.sim.faults().clear();
    for operation in ["b2_upload_file", "b2_upload_part"] {
        let slow = Fault::Stall(SLOW);
        at.world.sim.faults().on("b2", operation).times(u64::MAX).after_effect(slow);
    }
    UploadFile::new(at.world.bucket.clone(), at.file()).parallel(NonZeroUsize::new(SIDE_BY_SIDE).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_login_can_be_dropped_anywhere() {
    let world = World::new().await;
    for (times, dropped) in Dropped::everywhere().enumerate() {
        let client = world.client();
        let done = dropped.of(client.account().boxed()).await;
        at_rest(&world).await;
        client.account().await.unwrap();
        if done.is_some() {
            assert!(times >= 2);
            break;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_upload_in_one_piece_can_be_dropped_anywhere() {
    everywhere(2, |at| {
        async move {
            Ok(describe_version(&at, &at.files().upload(&request(&at), Source::bytes("content")).await?))
        }
        .boxed()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_whose_tokens_have_expired_can_be_dropped_anywhere() {
    everywhere(8, |at| {
        async move {
            at.world.sim.b2().expire_tokens();
            Ok(describe_version(&at, &at.files().upload(&request(&at), Source::bytes("content")).await?))
        }
        .boxed()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_of_a_file_on_disk_can_be_dropped_anywhere() {
    everywhere(6, |at| {
        async move {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), LARGE).unwrap();
            Ok(describe_version(&at, &at.files().upload(&request(&at), Source::path(file.path())).await?))
        }
        .boxed()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_of_a_stream_can_be_dropped_anywhere() {
    everywhere(6, |at| {
        async move {
            let pieces = stream::iter(LARGE.chunks(4).map(|piece| Ok(piece.into())));
            Ok(describe_version(&at, &at.files().upload(&request(&at), Source::stream(pieces)).await?))
        }
        .boxed()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_is_followed_can_be_dropped_anywhere() {
    everywhere(8, |at| {
        async move {
            let request = request(&at);
            let mut steps = std::pin::pin!(at.files().upload_with_progress(&request, Source::bytes(LARGE)));
            while let Some(step) = steps.try_next().await? {
                if let Progress::Done(version) = step {
                    return Ok(describe_version(&at, &version));
                }
            }
            panic!("the stream ended without a result")
        }
        .boxed()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_is_failing_can_be_dropped_anywhere() {
    everywhere(6, |at| {
        async move {
            let busy = || Fault::refuse(503, "service_unavailable", "not now");
            let request = request(&at);
            let faults = at.world.sim.faults();
            faults.on("b2", "b2_upload_part").nth(2).times(2).before_effect(busy());
            faults.on("b2", "b2_upload_part").nth(5).after_effect(Fault::DropConnection);
            Ok(describe_version(&at, &at.files().upload(&request, Source::bytes(LARGE)).await?))
        }
        .boxed()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_fails_and_cancels_can_be_dropped_anywhere() {
    everywhere(6, |at| {
        async move {
            let request = request(&at);
            let faults = at.world.sim.faults();
            let full = Fault::refuse(403, "storage_cap_exceeded", "full");
            faults.on("b2", "b2_upload_part").nth(2).before_effect(full);
            let error = at.files().upload(&request, Source::bytes(LARGE)).await.unwrap_err();
            Ok(error.to_string())
        }
        .boxed()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_in_parts_can_be_dropped_anywhere() {
    everywhere(6, |at| {
        async move {
            let source = FileId::new(at.world.sim.b2().put(SHARED, "source", LARGE).unwrap());
            let faults = at.world.sim.faults();
            faults.clear();
            faults.on("b2", "b2_copy_file").before_effect(Fault::refuse(
                400,
                "source_too_large",
                "more than 5 GB",
            ));
            Ok(describe_version(&at, &at.files().copy(&CopyFile::new(source, at.file())).await?))
        }
        .boxed()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_listing_can_be_dropped_anywhere() {
    everywhere(4, |at| {
        async move {
            for name in ["listed-a", "listed-b", "listed-c"] {
                at.world.sim.b2().put(SHARED, name, b"x").unwrap();
            }
            let request = ListFiles::new(at.world.bucket.clone()).prefix("listed-");
            let request = request.page_size(NonZeroU16::new(2).unwrap());
            let listed: Vec<_> = at.files().list_names(&request).try_collect().await?;
            Ok(listed.len().to_string())
        }
        .boxed()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn gotcha_14_a_deletion_of_all_versions_can_be_dropped_anywhere_and_uncovers_nothing() {
    let world = World::new().await;
    let client = world.client();
    for (number, dropped) in Dropped::everywhere().enumerate() {
        let at = Site { world: &world, client: &client, number };
        let newest = [b"1", b"2", b"3"]
            .map(|content| world.sim.b2().put(SHARED, &at.name(), content).unwrap())[2]
            .clone();
        let (files, name) = (at.files(), at.file());
        let all = files.delete_all_versions(&world.bucket, &name, Governance::Respect);
        let done = dropped.of(all.boxed()).await;
        at_rest(&world).await;
        let listed = world.sim.b2().versions(SHARED).into_iter();
        let left: Vec<_> = listed.filter(|version| version["fileName"] == at.name()).collect();
        assert!(left.first().is_none_or(|first| first["fileId"] == newest), "{left:?}");
        if let Some(deleted) = done {
            assert_eq!((deleted.unwrap(), left.len()), (3, 0));
            assert!(number > 3);
            break;
        }
    }
}

/// Drops saves over an existing file after each of their polls.
async fn saves(content: &[u8], parallel: usize) {
    let world = World::new().await;
    let client = world.client();
    world.sim.b2().put(SHARED, "source", content).unwrap();
    let download = Download::by_name(BucketName::new(SHARED).unwrap(), "source".parse().unwrap());
    let download = download.parallel(NonZeroUsize::new(parallel).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("kept");
    for (number, dropped) in Dropped::everywhere().enumerate() {
        // The only blocking thread is busy at first, so that it gets to the save's work when the save may have been dropped.
        let (release, released) = std::sync::mpsc::channel::<()>();
        drop(tokio::task::spawn_blocking(move || released.recv()));
        tokio::spawn(async move {
            for _ in 0..BUSY {
                tokio::task::yield_now().await;
            }
            drop(release);
        });
        std::fs::write(&path, b"what was there").unwrap();
        let done = dropped.of(client.files().save(&download, &path).boxed()).await;
        at_rest(&world).await;
        assert_eq!(
            std::fs::read_dir(&folder).unwrap().count(),
            1,
            "dropped for the {number}th time, a temporary file is left"
        );
        let now = std::fs::read(&path).unwrap();
        // A rename that had been started may have finished; nothing else may be there.
        assert!(now == b"what was there" || now == content, "dropped for the {number}th time");
        if let Some(saved) = done {
            assert!(saved.unwrap().verified && now == content);
            assert!(number > 3);
            break;
        }
    }
}

fn with_one_thread_for_files(saves: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).max_blocking_threads(1).build();
    runtime.unwrap().block_on(saves);
}

#[test]
fn a_save_can_be_dropped_anywhere_and_the_path_is_unchanged() {
    with_one_thread_for_files(saves(b"content", 1));
}

#[test]
fn a_save_in_ranges_can_be_dropped_anywhere_and_the_path_is_unchanged() {
    let content: Vec<u8> = (0..9_000_000_u32).map(|i| (i ^ (i >> 9)).to_le_bytes()[0]).collect();
    with_one_thread_for_files(saves(&content, 2));
}

#[tokio::test(start_paused = true)]
async fn a_download_can_be_dropped_anywhere() {
    everywhere(6, |at| {
        async move {
            let id = FileId::new(at.world.sim.b2().put(SHARED, "source", &vec![7; 200_000]).unwrap());
            // The connection breaks in the middle, so the download is resumed as well.
            at.world.sim.faults().clear();
            at.world.sim.faults().on("b2", "b2_download_file_by_id").after_effect(Fault::TruncateBody);
            let content = at.files().download(&Download::by_id(id)).await?;
            Ok(content.bytes().await?.len().to_string())
        }
        .boxed()
    })
    .await;
}
