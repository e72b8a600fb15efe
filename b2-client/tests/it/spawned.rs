//! Every transfer and every listing can run in a spawned task. The test is that this compiles.

use b2_client::files::{CopyFile, Download, Governance, ListFiles, Source, UploadFile};
use b2_client::{BucketId, Client, FileId, FileName};
use futures_util::TryStreamExt as _;

fn spawns<F: Future + Send>(_: F) {}

#[test]
fn every_future_of_files_can_be_spawned() {
    let _: fn(&Client, BucketId, FileName, FileId) = |b2, bucket, name, id| {
        let (upload, download) = (UploadFile::new(bucket.clone(), name.clone()), Download::by_id(id.clone()));
        let (copy, list) = (CopyFile::new(id.clone(), name.clone()), ListFiles::new(bucket.clone()));
        let files = b2.files();
        spawns(files.upload(&upload, Source::bytes("")));
        spawns(files.upload_with_progress(&upload, Source::bytes("")).try_collect::<Vec<_>>());
        spawns(files.save(&download, "here"));
        spawns(files.save_with_progress(&download, "here").try_collect::<Vec<_>>());
        spawns(async { files.download(&download).await?.bytes().await });
        spawns(async { files.download(&download).await?.write_to(&mut tokio::io::sink()).await });
        spawns(files.copy(&copy));
        spawns(files.copy_with_source_key(None, &copy));
        spawns(files.delete_all_versions(&bucket, &name, Governance::Respect));
        spawns(files.list_versions(&list).try_collect::<Vec<_>>());
        spawns(files.list_unfinished(&bucket, "").try_collect::<Vec<_>>());
        spawns(files.count_replication(&list));
    };
}
