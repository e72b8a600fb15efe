//! A program with our client that does what the command lines of the other programs do.

use std::env;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::num::{NonZeroU16, NonZeroUsize};
use std::path::{Path, PathBuf};

use b2_client::files::{Download, ListFiles, Source, UploadFile};
use b2_client::{ApplicationKey, BucketId, BucketName, Client, Config, Error, FileName, KeyId, UnixMillis};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::rows::Row;

/// The page size of the `b2` command line.
const PAGE: NonZeroU16 = NonZeroU16::new(10_000).unwrap();

pub(crate) fn run(row: Row, paths: &[&str]) {
    let [bucket, here, at_a_time] = paths else { panic!("{paths:?} are not a bucket, a path and a number") };
    let at_a_time = at_a_time.parse().unwrap();
    // A program that does nothing else needs no more threads than this one, and those that wait for the disk.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let value = |name| env::var(name).unwrap();
        let key = ApplicationKey::new(value("DTC_BENCH_KEY"));
        let config = Config::new(KeyId::new(value("DTC_BENCH_KEY_ID")), key).realm(value("DTC_BENCH_URL"));
        let b2 = Client::new(config).unwrap();
        let name = BucketName::new(*bucket).unwrap();
        let bucket = b2.buckets().get(&name).await.unwrap().unwrap().id;
        let here = Path::new(here);
        let done = match row {
            Row::LargeUp => large_up(&b2, bucket, here, at_a_time).await,
            Row::LargeDown => large_down(&b2, name, here, at_a_time).await,
            Row::SmallUp => small_up(&b2, bucket, here, at_a_time).await,
            Row::SmallDown => small_down(&b2, bucket, here, at_a_time).await,
            Row::Listing => listing(&b2, bucket).await,
        };
        done.unwrap();
    });
}

async fn large_up(b2: &Client, bucket: BucketId, path: &Path, parts: NonZeroUsize) -> Result<(), Error> {
    let file =
        UploadFile::new(bucket, FileName::new("large")?).source_modified(modified(path)).parallel(parts);
    b2.files().upload(&file, Source::path(path)).await.map(drop)
}

async fn large_down(b2: &Client, bucket: BucketName, path: &Path, ranges: NonZeroUsize) -> Result<(), Error> {
    let file = Download::by_name(bucket, FileName::new("large")?).parallel(ranges);
    let saved = b2.files().save(&file, path).await?;
    assert!(saved.verified);
    Ok(())
}

async fn small_up(b2: &Client, bucket: BucketId, folder: &Path, files: NonZeroUsize) -> Result<(), Error> {
    let mut paths = Vec::new();
    collect(folder, &mut paths);
    let uploads = paths.iter().map(|path| {
        let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
        let bucket = bucket.clone();
        async move {
            let file = UploadFile::new(bucket, FileName::new(name)?).source_modified(modified(path));
            b2.files().upload(&file, Source::path(path)).await.map(drop)
        }
    });
    stream::iter(uploads).buffer_unordered(files.get()).try_collect().await
}

async fn small_down(b2: &Client, bucket: BucketId, folder: &Path, files: NonZeroUsize) -> Result<(), Error> {
    let listed = b2.files().list_names(&ListFiles::new(bucket).page_size(PAGE));
    let saved = listed.map_ok(|file| async move {
        let path = folder.join(file.name.as_str());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let saved = b2.files().save(&Download::by_id(file.id), path).await?;
        assert!(saved.verified);
        Ok(())
    });
    saved.try_buffer_unordered(files.get()).try_collect().await
}

async fn listing(b2: &Client, bucket: BucketId) -> Result<(), Error> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut versions = std::pin::pin!(b2.files().list_versions(&ListFiles::new(bucket).page_size(PAGE)));
    while let Some(version) = versions.try_next().await? {
        writeln!(out, "{}", version.name).unwrap();
    }
    Ok(())
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), paths);
        } else {
            paths.push(entry.path());
        }
    }
}

/// When a file was last modified, which the other programs store, too.
fn modified(path: &Path) -> UnixMillis {
    let at = fs::metadata(path).unwrap().modified().unwrap();
    let since = at.duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixMillis::new(i64::try_from(since.as_millis()).unwrap())
}
