//! The small things: `cargo bench -p b2-client --bench small`. Transfers are measured by `cargo xtask bench b2`.

use std::hint::black_box;

use b2_client::FileName;
use b2_client::bench_internals::{cut, decode, encode};
use b2_client::files::{FileVersion, Sha1};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;

const NAME: &str = "pool0/dataset-042/Büro & Verträge/2026-11-20 (final).pdf";

fn names(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("names");
    group.throughput(Throughput::Bytes(NAME.len() as u64));
    let encoded = encode(NAME);
    group.bench_function("check", |bencher| bencher.iter(|| FileName::new(black_box(NAME))));
    group.bench_function("encode", |bencher| bencher.iter(|| encode(black_box(NAME))));
    group.bench_function("encode by percent-encoding alone", |bencher| {
        bencher.iter(|| utf8_percent_encode(black_box(NAME), NON_ALPHANUMERIC).to_string());
    });
    group.bench_function("decode", |bencher| bencher.iter(|| decode(black_box(&encoded))));
    group.bench_function("decode by percent-encoding alone", |bencher| {
        bencher
            .iter(|| percent_decode_str(black_box(&encoded)).decode_utf8().map(std::borrow::Cow::into_owned));
    });
    group.finish();
}

#[derive(Deserialize)]
struct Page {
    files: Vec<FileVersion>,
}

fn page(criterion: &mut Criterion) {
    let rows = (0..1000_u32).map(|number| {
        serde_json::json!({
            "accountId": "0123456789ab", "action": "upload", "bucketId": "0123456789abcdef01234567",
            "contentLength": 4096 + number, "contentMd5": "0123456789abcdef0123456789abcdef",
            "contentSha1": "a9993e364706816aba3e25717850c26c9cd0d89d", "contentType": "application/octet-stream",
            "fileId": format!("4_z0123456789abcdef01234567_f1{number:015x}_d20261120_m101112_c005_v0501016_t0042_u01795169472000"),
            "fileInfo": {"src_last_modified_millis": "1795169472000"},
            "fileName": format!("{NAME}-{number}"),
            "fileRetention": {"isClientAuthorizedToRead": true, "value": {"mode": "compliance", "retainUntilTimestamp": 1_796_379_072_000_i64}},
            "legalHold": {"isClientAuthorizedToRead": true, "value": null},
            "replicationStatus": null, "serverSideEncryption": {"algorithm": "AES256", "mode": "SSE-B2"},
            "uploadTimestamp": 1_795_169_472_000_i64,
        })
    });
    let text = serde_json::json!({"files": rows.collect::<Vec<_>>(), "nextFileName": null}).to_string();
    let mut group = criterion.benchmark_group("a page of 1000 versions");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("read", |bencher| {
        bencher.iter(|| serde_json::from_str::<Page>(black_box(&text)).map(|page| page.files.len()));
    });
    group.bench_function("read as serde_json::Value", |bencher| {
        bencher.iter(|| serde_json::from_str::<Value>(black_box(&text)));
    });
    group.finish();
}

fn parts(criterion: &mut Criterion) {
    criterion.bench_function("cut 10 TB into 10 000 parts", |bencher| {
        bencher
            .iter(|| cut(black_box(10_000_000_000_000), black_box(1_000_000_000)).map(|part| part.end).max());
    });
}

fn sums(criterion: &mut Criterion) {
    let content = vec![0x5a; 1 << 20];
    let mut group = criterion.benchmark_group("sha1");
    group.throughput(Throughput::Bytes(content.len() as u64));
    group.bench_function("a MiB", |bencher| bencher.iter(|| Sha1::of(black_box(&content))));
    group.finish();
}

criterion_group!(benches, names, page, parts, sums);
criterion_main!(benches);
