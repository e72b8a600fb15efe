//! A tour of b2-client: a bucket with object lock, a restricted key, uploads and downloads with progress, and error handling.
//!
//! `cargo run -p dtc-examples --example b2_tour` runs it against a simulated B2. With `B2_ENDPOINT`, `B2_KEY_ID` and `B2_KEY` it runs
//! against a real account, in a bucket of its own that it removes.

#![expect(clippy::print_stdout, reason = "a program talks to whoever runs it")]

use std::env;
use std::error::Error;
use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use b2_client::buckets::{
    Bucket, CreateBucket, DefaultRetention, Encryption, Period, UpdateBucket, Visibility,
};
use b2_client::files::{CopyFile, Download, FileVersion, Governance, ListFiles, Progress, UploadFile};
use b2_client::keys::{CreateKey, KeyCompat, NewKey};
use b2_client::{
    ApplicationKey, BucketName, Capability, Client, Config, ErrorKind, FileName, KeyId, KeyName,
};
use futures_util::TryStreamExt as _;
use simulator::{Fault, Simulator};

type Done<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Done<()> {
    let simulated = match env::var_os("B2_ENDPOINT") {
        Some(_) => None,
        None => Some(Simulator::builder().start().await?),
    };
    let (realm, id, key) = match &simulated {
        Some(simulated) => {
            let b2 = simulated.addresses().b2.clone();
            (b2.url, b2.key_id, b2.application_key)
        }
        None => (env::var("B2_ENDPOINT")?, env::var("B2_KEY_ID")?, env::var("B2_KEY")?),
    };
    let b2 = Client::new(Config::new(KeyId::new(id), ApplicationKey::new(key)).realm(&realm))?;
    let account = b2.account().await?;
    println!("account   {}, parts of {} bytes recommended", account.id, account.recommended_part_size);

    let bucket = locked_bucket(&b2).await?;
    let made = scoped_key(&b2, &bucket).await?;
    let key_id = made.key.id.clone();
    // From here on, all a backup needs: a client that reaches this bucket and nothing else.
    let backup = Client::new(Config::new(made.key.id, made.secret).realm(&realm))?;

    let folder = tempfile::tempdir()?;
    let version = up(&backup, &bucket, folder.path()).await?;
    down(&backup, &bucket, folder.path()).await?;
    refused(&backup, &bucket, &version).await?;
    if let Some(simulated) = &simulated {
        answer_lost(&b2, &bucket, simulated).await?;
    }
    clean(&b2, &bucket, &key_id).await
}

/// Enables object lock when the bucket is created. Default retention requires an update, made on condition of the revision.
async fn locked_bucket(b2: &Client) -> Done<Bucket> {
    let name = BucketName::new(format!("tour-of-b2-{}", std::process::id()))?;
    let request = CreateBucket::new(name, Visibility::Private).object_lock().encryption(Encryption::SseB2);
    let bucket = b2.buckets().create(&request).await?;
    let lock = UpdateBucket::new(&bucket)
        .if_revision(bucket.revision)
        .default_retention(DefaultRetention::governance(Period::Days(1)));
    let bucket = b2.buckets().update(&lock).await?;
    // A setting that a key may not read is a value of its own, never "off".
    let lock = bucket.file_lock.known().ok_or("this key may not read the lock")?;
    println!("bucket    {}, {:?}", bucket.name, lock.default_retention);
    Ok(bucket)
}

/// Creates a key for one bucket that every version of rclone accepts. The service shows its secret only once.
async fn scoped_key(b2: &Client, bucket: &Bucket) -> Done<NewKey> {
    use Capability::{ListBuckets, ListFiles, ReadFiles, WriteFiles};
    let name = KeyName::new("b2-tour")?;
    let request = CreateKey::new(name, [ListBuckets, ListFiles, ReadFiles, WriteFiles])
        .in_bucket(bucket)
        .valid_for(Duration::from_hours(1))
        .compat(KeyCompat::V3SingleBucket);
    let made = b2.keys().create(&request).await?;
    println!("key       {}, secret {:?}", made.key.id, made.secret);
    Ok(made)
}

/// Uploads a file with progress: in parallel parts, each with its checksum.
async fn up(backup: &Client, bucket: &Bucket, folder: &Path) -> Done<FileVersion> {
    let path = folder.join("12 MB");
    std::fs::write(&path, vec![7; 12_000_000])?;
    let request = UploadFile::new(bucket, FileName::new("reports/ünï.bin")?)
        .info("made-by", "b2_tour")
        .part_size(5_000_000)
        .resume();
    let mut upload = pin!(backup.files().upload_with_progress(&request, path));
    while let Some(progress) = upload.try_next().await? {
        match progress {
            Progress::LargeFile { id, already_stored } => {
                println!("up        {id} started, {already_stored} bytes already stored");
            }
            Progress::Done(version) => {
                let sum =
                    version.whole_sha1().ok_or("a file that is read again has a checksum of the whole")?;
                println!("up        {} bytes, SHA-1 {sum}", version.content_length);
                return Ok(version);
            }
            _ => {}
        }
    }
    Err("an upload ends in its version or in an error".into())
}

/// Lists files, copies one within the service, and downloads one in two parallel ranges, verified against its checksum.
async fn down(backup: &Client, bucket: &Bucket, folder: &Path) -> Done<()> {
    let list = ListFiles::new(bucket).prefix("reports/");
    let files: Vec<FileVersion> = backup.files().list_names(&list).try_collect().await?;
    for file in &files {
        println!("listed    {} {}", file.content_length, file.name);
    }
    let source = files.first().ok_or("nothing is listed")?;
    let copy = CopyFile::new(source.id.clone(), FileName::new("reports/copy.bin")?);
    let copied = backup.files().copy(&copy).await?;
    let download = Download::by_id(copied.id).parallel(2.try_into()?);
    let saved = backup.files().save(&download, folder.join("copy")).await?;
    println!("down      {} bytes, verified: {}", saved.head.content_length, saved.verified);
    Ok(())
}

/// Shows that the kind of an error says how to react to it.
async fn refused(backup: &Client, bucket: &Bucket, version: &FileVersion) -> Done<()> {
    let denied = backup.files().delete_version(&version.name, &version.id, Governance::Respect).await;
    if let Err(error) = denied {
        println!("refused   {error}");
        assert!(matches!(error.kind(), ErrorKind::Unauthorized { .. } | ErrorKind::Locked));
    }
    let missing = Download::by_name(bucket, FileName::new("no/such/file")?);
    if let Err(error) = backup.files().download(&missing).await {
        println!("refused   {error} (attempts: {})", error.attempts());
        assert!(error.is_not_found());
    }
    Ok(())
}

/// Shows that a call which must happen at most once is not repeated: if its answer is lost, the outcome is unknown.
async fn answer_lost(b2: &Client, bucket: &Bucket, simulated: &Simulator) -> Done<()> {
    simulated.faults().on("b2", "b2_create_key").after_effect(Fault::DropConnection);
    let request = CreateKey::new(KeyName::new("lost")?, [Capability::ListFiles]).in_bucket(bucket);
    let Err(error) = b2.keys().create(&request).await else { return Err("the answer arrived".into()) };
    assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown);
    println!("unknown   {error}");
    let keys: Vec<_> = b2.keys().list().try_collect().await?;
    for lost in keys.iter().filter(|key| key.name.as_str() == "lost") {
        println!("unknown   key {} is there, and nobody has its secret: deleted", lost.id);
        b2.keys().delete(&lost.id).await?;
    }
    Ok(())
}

/// Deletes versions under governance retention with a key that may bypass it. Compliance retention cannot be bypassed.
async fn clean(b2: &Client, bucket: &Bucket, key: &KeyId) -> Done<()> {
    let all = ListFiles::new(bucket);
    let versions: Vec<_> = b2.files().list_versions(&all).try_collect().await?;
    for version in versions {
        b2.files().delete_version(&version.name, &version.id, Governance::Bypass).await?;
    }
    b2.buckets().delete(bucket).await?;
    b2.keys().delete(key).await?;
    println!("cleaned   bucket and key are gone");
    Ok(())
}
