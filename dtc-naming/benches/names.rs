//! How many names per second: `cargo bench -p dtc-naming`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dtc_naming::{BucketName, DeviceGuid, FolderPath, LocationUuid, PoolName, Workload};

const LOCATION: &str = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9";
const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";

fn names(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("names");
    group.throughput(Throughput::Elements(1));
    group.bench_function("bucket from text", |bencher| {
        bencher.iter(|| {
            let location: Result<LocationUuid, _> = black_box(LOCATION).parse();
            location.map(|location| BucketName::compute(Workload::TrueNas, location))
        });
    });
    if let Ok(location) = LOCATION.parse::<LocationUuid>() {
        group.bench_function("bucket from location", |bencher| {
            bencher.iter(|| BucketName::compute(Workload::TrueNas, black_box(location)));
        });
    }
    group.bench_function("bucket read back", |bencher| {
        bencher.iter(|| BucketName::parse(black_box(BUCKET)));
    });
    if let (device, Ok(pool)) = (DeviceGuid::from_random_bytes([7; 16]), "pool0".parse::<PoolName>()) {
        group.bench_function("folder", |bencher| {
            bencher.iter(|| FolderPath::compute(black_box(device), black_box(&pool)));
        });
    }
    group.finish();
}

criterion_group!(benches, names);
criterion_main!(benches);
