use std::fs;

use futures_util::TryStreamExt as _;
use simulator::Fault;
use simulator::truenas::Release;
use truenas_client::filesystem::{FileKind, Permissions, PutOptions, UploadContent};
use truenas_client::{ApiKey, Client, Config, Credentials, ErrorKind, Sha256Fingerprint, Switch, Trust};

use super::{LIMIT, ONE, World, address, assert_invalid, assert_unsupported, failure};

const PATH: &str = "/mnt/pool0/docs/up/loaded ü.txt";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_written_and_read_back_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let files = world.client.filesystem();
        let content: Vec<u8> = (0..200_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        // What would end the content if the boundary could be guessed.
        let content = [b"\r\n--part-x--\r\n".to_vec(), content].concat();
        let length = content.len() as u64;
        let reader = std::io::Cursor::new(content.clone());
        let job = files
            .put(PATH, UploadContent::reader(length, reader), PutOptions::new().mode(0o640))
            .await
            .unwrap();
        assert!(job.wait(LIMIT).await.unwrap(), "{release}");
        assert_eq!(fs::read(world.one().real_path(PATH).unwrap()).unwrap(), content, "{release}");
        let stat = files.stat(PATH).await.unwrap();
        assert_eq!((stat.kind, stat.size), (FileKind::File, length), "{release}");
        let pieces: Vec<_> = files.get(PATH, length).await.unwrap().try_collect().await.unwrap();
        assert_eq!(pieces.concat(), content, "{release}");
        let more = UploadContent::bytes(&b"more"[..]);
        let job = files.put(PATH, more, PutOptions::new().append(Switch::On)).await.unwrap();
        assert!(job.wait(LIMIT).await.unwrap(), "{release}");
        assert_eq!(files.stat(PATH).await.unwrap().size, length + 4, "{release}");
        let job = files.put(PATH, UploadContent::bytes(&b""[..]), PutOptions::new()).await.unwrap();
        assert!(job.wait(LIMIT).await.unwrap(), "{release}");
        assert_eq!(files.stat(PATH).await.unwrap().size, 0, "{release}: replaced, by nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn directories_file_systems_and_permissions_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let files = world.client.filesystem();
        let made = files.make_directory("/mnt/pool0/docs/new").await;
        if world.is_core() {
            assert_unsupported(made);
        } else {
            made.unwrap();
            assert!(files.make_directory("/mnt/pool0/docs/new").await.is_err(), "{release}");
            assert!(files.make_directory("/mnt/pool0/docs/not/there").await.is_err(), "{release}");
            let listed = files.list_dir("/mnt/pool0/docs").await.unwrap();
            assert!(listed.iter().any(|entry| entry.name == "new" && entry.kind == FileKind::Directory));
        }
        let system = files.stat_fs("/mnt/pool0/docs/contracts").await.unwrap();
        assert_eq!(
            (system.source.as_str(), system.kind.as_str()),
            ("pool0/docs/contracts", "zfs"),
            "{release}"
        );
        assert_eq!(system.mount_point, "/mnt/pool0/docs/contracts");
        assert!(system.total_bytes > system.free_bytes && system.available_bytes > 0, "{release}");
        let private = Permissions::new().mode(0o600).owner(0).group(0);
        let job = files.set_permissions("/mnt/pool0/docs/.hidden", &private).await.unwrap();
        job.wait(LIMIT).await.unwrap();
        let missing = files.set_permissions("/mnt/pool0/docs/none", &private).await.unwrap();
        assert!(failure(missing.wait(LIMIT).await).contains("does not exist"), "{release}");
        assert_invalid(files.set_permissions("/etc/passwd", &private).await);
        assert_invalid(
            files
                .put("/mnt/pool0/../../etc/passwd", UploadContent::bytes(&b"x"[..]), PutOptions::new())
                .await,
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_to_a_locked_dataset_fails_its_job() {
    for release in Release::ALL {
        let world = World::of(release).await;
        world.one().lock_dataset("pool0/docs").unwrap();
        let files = world.client.filesystem();
        let job = files.put(PATH, UploadContent::bytes(&b"x"[..]), PutOptions::new()).await.unwrap();
        assert!(failure(job.wait(LIMIT).await).contains("locked dataset"), "{release}");
    }
}

/// An upload whose answer is lost may have happened.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_cut_off_after_its_effect_is_of_unknown_outcome() {
    let world = World::of(Release::default()).await;
    world.sim.faults().on("truenas", "upload").at(ONE).nth(1).after_effect(Fault::DropConnection);
    let files = world.client.filesystem();
    let error = files.put(PATH, UploadContent::bytes(&b"x"[..]), PutOptions::new()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown);
    let short = UploadContent::reader(9, &b"x"[..]);
    let error = files.put(PATH, short, PutOptions::new()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::OutcomeUnknown), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_read_or_says_so_writes_no_file() {
    let world = World::of(Release::default()).await;
    let at = address(&world.sim, ONE);
    let fingerprint: Sha256Fingerprint = at.fingerprint.parse().unwrap();
    let config = |key: &str| {
        Config::new(at.url.parse().unwrap(), Credentials::api_key(ApiKey::new(key)))
            .trust(Trust::Fingerprint(fingerprint))
    };
    let reader = Client::connect(config(&at.read_only_api_key)).await.unwrap();
    let content = || UploadContent::bytes(&b"x"[..]);
    let error = reader.filesystem().put(PATH, content(), PutOptions::new()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unauthorized);
    let declared = Client::connect(config(&at.api_key).read_only()).await.unwrap();
    let mark = world.sim.transcript().mark();
    let error = declared.filesystem().put(PATH, content(), PutOptions::new()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::ReadOnly);
    assert_eq!(world.sim.transcript().since(mark).len(), 0);
}
