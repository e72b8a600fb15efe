//! What is called to reach each operation, and what repeating it would do.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::time::Duration;

use b2_client::buckets::{CreateBucket, UpdateBucket, Visibility};
use b2_client::files::{
    CopyFile, Download, FileRetention, Governance, LegalHold, ListFiles, ShareFiles, Source, UploadFile,
};
use b2_client::keys::CreateKey;
use b2_client::notifications::{EventType, SetNotificationRule};
use b2_client::{BucketName, Capability, Error, FileId, KeyId, KeyName, UnixMillis};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt as _, TryStreamExt as _};
use serde_json::json;
use simulator::Fault;

use crate::b2_site::{SHARED, Site, describe_version};

type Act = for<'a> fn(Site<'a>) -> BoxFuture<'a, Result<String, Error>>;

/// What sending it a second time comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twice {
    /// The same as sending it once.
    Same,
    /// A second version equal to the first, as its documentation says.
    MakesTwo,
    /// It is never sent a second time.
    Never,
}

/// One operation: how our client comes to call it.
pub(super) struct Row {
    pub(super) operation: &'static str,
    pub(super) twice: Twice,
    pub(super) act: Act,
}

fn row(operation: &'static str, act: Act) -> Row {
    Row { operation, twice: Twice::Same, act }
}

/// More than two parts of ten bytes.
const LARGE: &[u8] = b"0123456789abcdefghijklmno";

pub(super) fn all() -> Vec<Row> {
    let mut all = buckets();
    for more in [keys(), files(), reading(), locks(), large()] {
        all.extend(more);
    }
    all
}

fn buckets() -> Vec<Row> {
    vec![
        row("b2_create_bucket", |at| {
            async move {
                let info = BTreeMap::from([("made-by".to_owned(), "us".to_owned())]);
                let request = CreateBucket::new(at.bucket_name(), Visibility::Private).bucket_info(info);
                let made = at.client.buckets().create(&request).await?;
                Ok(format!("{:?} {}", made.info, made.revision))
            }
            .boxed()
        }),
        row("b2_update_bucket", |at| {
            async move {
                let id = at.bucket();
                let info = BTreeMap::from([("made-by".to_owned(), "us".to_owned())]);
                let update = |_: &_| Some(UpdateBucket::new(id.clone()).bucket_info(info.clone()));
                let updated = at.client.buckets().modify(&id, update).await?;
                Ok(format!("{:?} {}", updated.info, updated.revision))
            }
            .boxed()
        }),
        row("b2_delete_bucket", |at| {
            async move { at.client.buckets().delete(&at.bucket()).await.map(|()| String::new()) }.boxed()
        }),
        row("b2_list_buckets", |at| {
            async move {
                at.bucket();
                let found = at.client.buckets().get(&at.bucket_name()).await?;
                Ok(format!("{:?}", found.map(|bucket| bucket.revision)))
            }
            .boxed()
        }),
        row("b2_get_bucket_notification_rules", |at| {
            async move { Ok(format!("{:?}", at.client.buckets().notification_rules(&at.bucket()).await?)) }
                .boxed()
        }),
        row("b2_set_bucket_notification_rules", |at| {
            async move {
                let rule =
                    SetNotificationRule::new("a-rule", [EventType::ObjectCreated], "https://example.com/");
                let set = at.client.buckets().set_notification_rules(&at.bucket(), &[rule]).await?;
                Ok(format!("{set:?}"))
            }
            .boxed()
        }),
    ]
}

fn keys() -> Vec<Row> {
    vec![
        row("b2_authorize_account", |at| {
            async move { Ok(format!("{:?}", at.client.account().await?.capabilities)) }.boxed()
        }),
        Row {
            twice: Twice::Never,
            ..row("b2_create_key", |at| {
                async move {
                    let name = KeyName::new(at.name()).unwrap();
                    let made =
                        at.client.keys().create(&CreateKey::new(name, [Capability::ListFiles])).await?;
                    Ok(format!("{:?}", made.key.capabilities))
                }
                .boxed()
            })
        },
        row("b2_list_keys", |at| {
            async move {
                let id = a_key(at);
                let listed: Vec<_> = at.client.keys().list().try_collect().await?;
                Ok(listed.iter().filter(|key| key.id == id).count().to_string())
            }
            .boxed()
        }),
        row("b2_delete_key", |at| {
            async move { at.client.keys().delete(&a_key(at)).await.map(|()| String::new()) }.boxed()
        }),
    ]
}

fn a_key(at: Site<'_>) -> KeyId {
    let request = json!({"keyName": at.name(), "capabilities": ["listFiles"]});
    KeyId::new(at.outside("b2_create_key", request)["applicationKeyId"].as_str().unwrap())
}

fn files() -> Vec<Row> {
    vec![
        row("b2_get_upload_url", |at| {
            async move {
                let request = UploadFile::new(at.bucket(), at.file());
                Ok(describe_version(&at, &at.files().upload(&request, Source::bytes("content")).await?))
            }
            .boxed()
        }),
        Row {
            twice: Twice::MakesTwo,
            ..row("b2_upload_file", |at| {
                async move {
                    let request = UploadFile::new(at.world.bucket.clone(), at.file());
                    Ok(describe_version(&at, &at.files().upload(&request, Source::bytes("content")).await?))
                }
                .boxed()
            })
        },
        Row {
            twice: Twice::Never,
            ..row("b2_copy_file", |at| {
                async move {
                    let source = another(at);
                    Ok(describe_version(&at, &at.files().copy(&CopyFile::new(source, at.file())).await?))
                }
                .boxed()
            })
        },
        row("b2_hide_file", |at| {
            async move {
                at.stored();
                at.files().hide(&at.world.bucket, &at.file()).await.map(|_| String::new())
            }
            .boxed()
        }),
        row("b2_delete_file_version", |at| {
            async move {
                at.stored();
                let (files, name) = (at.files(), at.file());
                let deleted = files.delete_all_versions(&at.world.bucket, &name, Governance::Respect).await?;
                Ok(deleted.to_string())
            }
            .boxed()
        }),
        row("b2_get_download_authorization", |at| {
            async move {
                let request = ShareFiles::new(at.world.bucket.clone(), at.name(), Duration::from_mins(1));
                at.files().share(&request).await.map(|_| String::new())
            }
            .boxed()
        }),
    ]
}

/// A file that is none of the case's own.
fn another(at: Site<'_>) -> FileId {
    FileId::new(at.world.sim.b2().put(SHARED, "another", LARGE).unwrap())
}

fn reading() -> Vec<Row> {
    vec![
        row("b2_list_file_names", |at| {
            async move {
                at.stored();
                let request = ListFiles::new(at.world.bucket.clone()).prefix(at.name());
                let listed: Vec<_> = at.files().list_names(&request).try_collect().await?;
                Ok(listed.iter().map(|version| describe_version(&at, version)).collect())
            }
            .boxed()
        }),
        row("b2_list_file_versions", |at| {
            async move {
                at.stored();
                let request = ListFiles::new(at.world.bucket.clone()).prefix(at.name());
                let listed: Vec<_> = at.files().list_versions(&request).try_collect().await?;
                Ok(listed.iter().map(|version| describe_version(&at, version)).collect())
            }
            .boxed()
        }),
        row("b2_get_file_info", |at| {
            async move { Ok(describe_version(&at, &at.files().get(&at.stored()).await?)) }.boxed()
        }),
        row("b2_download_file_by_id", |at| {
            async move {
                let content = at.files().download(&Download::by_id(at.stored())).await?;
                Ok(format!("{} {:?}", content.is_verified(), content.bytes().await?))
            }
            .boxed()
        }),
        row("b2_download_file_by_id", |at| {
            async move {
                let head = at.files().head(&Download::by_id(at.stored())).await?;
                Ok(format!("{} {:?}", head.content_length, head.whole_sha1()))
            }
            .boxed()
        }),
        row("b2_download_file_by_name", |at| {
            async move {
                at.stored();
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("saved");
                let download = Download::by_name(BucketName::new(SHARED).unwrap(), at.file());
                let saved = at.files().save(&download, &path).await;
                let left = std::fs::read_dir(&folder).unwrap().count();
                assert_eq!(left, usize::from(saved.is_ok()), "nothing is left beside it");
                Ok(format!("{} {:?}", saved?.verified, std::fs::read(&path).unwrap()))
            }
            .boxed()
        }),
    ]
}

fn locks() -> Vec<Row> {
    vec![
        row("b2_update_file_retention", |at| {
            async move {
                let version = at.files().get(&at.stored()).await?;
                let until = UnixMillis::new(version.uploaded.get() + 3_600_000);
                let wanted = FileRetention::compliance(until);
                let (files, id) = (at.files(), version.id);
                let now = files.update_retention(&version.name, &id, &wanted, Governance::Respect).await?;
                Ok((now == wanted).to_string())
            }
            .boxed()
        }),
        row("b2_update_file_legal_hold", |at| {
            async move {
                let id = at.stored();
                let now = at.files().update_legal_hold(&at.file(), &id, &LegalHold::On).await?;
                Ok(format!("{now:?}"))
            }
            .boxed()
        }),
    ]
}

/// Three parts under the case's name.
fn in_parts(at: Site<'_>) -> BoxFuture<'_, Result<String, Error>> {
    async move {
        let request = UploadFile::new(at.world.bucket.clone(), at.file()).parallel(NonZeroUsize::MIN);
        Ok(describe_version(&at, &at.files().upload(&request, Source::bytes(LARGE)).await?))
    }
    .boxed()
}

fn large() -> Vec<Row> {
    vec![
        Row { twice: Twice::Never, ..row("b2_start_large_file", in_parts) },
        row("b2_get_upload_part_url", in_parts),
        row("b2_upload_part", in_parts),
        row("b2_finish_large_file", in_parts),
        row("b2_copy_part", |at| {
            async move {
                let too_large = Fault::refuse(400, "source_too_large", "more than 5 GB");
                at.world.sim.faults().on("b2", "b2_copy_file").before_effect(too_large);
                Ok(describe_version(&at, &at.files().copy(&CopyFile::new(another(at), at.file())).await?))
            }
            .boxed()
        }),
        row("b2_cancel_large_file", |at| {
            async move { at.files().cancel_large_file(&at.begun()).await.map(|()| String::new()) }.boxed()
        }),
        row("b2_list_unfinished_large_files", |at| {
            async move {
                at.begun();
                let listed = at.files().list_unfinished(&at.world.bucket, &at.name());
                let listed: Vec<_> = listed.try_collect().await?;
                Ok(listed.iter().map(|version| describe_version(&at, version)).collect())
            }
            .boxed()
        }),
        row("b2_list_parts", |at| {
            async move {
                let parts: Vec<_> = at.files().list_parts(&at.begun()).try_collect().await?;
                let parts: Vec<_> = parts.iter().map(|part| (part.part_number, part.sha1)).collect();
                Ok(format!("{parts:?}"))
            }
            .boxed()
        }),
    ]
}
