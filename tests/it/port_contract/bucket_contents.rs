//! Backblaze B2: what lies in the bucket, and who may fetch it.

use dtc_naming::{FolderPath, ObjectPrefix};
use dtc_provision::PortErrorKind;
use dtc_provision::ports::{Body, Bucket, BucketAccess, Object, Part, Ports};
use dtc_provision::secret::{ApplicationKey, ApplicationKeySecret};
use futures_util::TryStreamExt as _;

use super::outside::Outside;
use super::{backup, bucket_name, device, held, kind, make_bucket, make_key, other_device, pool};

contract!(
    v2_pages_have_every_object_of_the_prefix_once,
    v3_an_object_is_fetched_whole_or_its_beginning,
    v3_an_object_is_fetched_with_the_escrowed_key_only,
);

fn prefix() -> ObjectPrefix {
    FolderPath::compute(device(), &pool()).object_prefix()
}

async fn objects(ports: &Ports, bucket: &Bucket) -> Vec<Object> {
    let (mut objects, mut from) = (Vec::new(), None::<String>);
    loop {
        let page = ports.object_store.objects(bucket, &prefix(), from.as_deref()).await.unwrap();
        objects.extend(page.objects);
        match page.next {
            Some(next) => from = Some(next),
            None => return objects,
        }
    }
}

async fn text(body: Body) -> Vec<u8> {
    body.try_fold(Vec::new(), |mut all, piece| async move {
        all.extend_from_slice(&piece);
        Ok(all)
    })
    .await
    .unwrap()
}

async fn v2_pages_have_every_object_of_the_prefix_once(world: &impl Outside) {
    let bucket = make_bucket(world.ports()).await;
    assert_eq!(objects(world.ports(), &bucket).await, []);
    let names: Vec<String> = (0..8).map(|number| format!("{}/pool0/{number}.bin", device())).collect();
    for name in names.iter().rev() {
        world.put_object(bucket.name.as_str(), name, name.as_bytes());
    }
    for other in [format!("{}/pool00/0.bin", device()), format!("{}/pool0/0.bin", other_device())] {
        world.put_object(bucket.name.as_str(), &other, b"not ours");
    }
    let found = objects(world.ports(), &bucket).await;
    assert_eq!(found.iter().map(|object| &object.name).collect::<Vec<_>>(), names.iter().collect::<Vec<_>>());
    assert!(found.iter().all(|object| object.size == object.name.len() as u64), "{found:?}");
}

async fn v3_an_object_is_fetched_whole_or_its_beginning(world: &impl Outside) {
    let ports = world.ports();
    let bucket = make_bucket(ports).await;
    let content: Vec<u8> = (0..5000_u32).map(|number| (number % 251) as u8).collect();
    world.put_object(bucket.name.as_str(), &format!("{}/pool0/a.bin", device()), &content);
    let object = objects(ports, &bucket).await.remove(0);
    let key = make_key(ports, &bucket).await;
    let access = BucketAccess { bucket, backup: backup() };
    for (part, expected) in [
        (Part::Whole, &content[..]),
        (Part::Beginning(100), &content[..100]),
        (Part::Beginning(1), &content[..1]),
        (Part::Beginning(1 << 40), &content[..]),
    ] {
        let bound = key.for_use(&access).unwrap();
        let body = ports.object_store.fetch(bound, &object, part).await.unwrap();
        assert_eq!(text(body).await, expected, "{part:?}");
    }
}

async fn v3_an_object_is_fetched_with_the_escrowed_key_only(world: &impl Outside) {
    let ports = world.ports();
    let bucket = make_bucket(ports).await;
    world.put_object(bucket.name.as_str(), &format!("{}/pool0/a.bin", device()), b"content");
    let object = objects(ports, &bucket).await.remove(0);
    let right = make_key(ports, &bucket).await;
    let wrong =
        ApplicationKey { id: right.key_id().clone(), secret: ApplicationKeySecret::new("not the secret") };
    let wrong = held(wrong, backup());
    let access = BucketAccess { bucket, backup: backup() };
    let fetch = |bound| ports.object_store.fetch(bound, &object, Part::Whole);
    assert_eq!(text(fetch(right.for_use(&access).unwrap()).await.unwrap()).await, b"content");
    // The right key has just logged in under this id.
    assert_eq!(kind(fetch(wrong.for_use(&access).unwrap()).await), PortErrorKind::CredentialsRejected);
    assert_eq!(text(fetch(right.for_use(&access).unwrap()).await.unwrap()).await, b"content");
    assert_eq!(access.bucket.name, bucket_name());
}
