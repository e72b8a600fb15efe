//! A program with our library that does what rclone's command line does.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use dtc_adapters::{SavedSecrets, SecretSource, connect_saved};
use dtc_provision::ids::KeyId;
use dtc_provision::restore::{self, GetOptions, SavedRecord, Selection};
use jiff::Timestamp;
use rclone_crypt::Filter;

use crate::Row;
use crate::service::{BUCKET, GUID, PASSWORD, SALT};

pub(crate) fn run(row: &str, url: &str, key_id: &str, folder: &Path) {
    // As the `dtc` program's.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let record = SavedRecord::new(BUCKET.parse().unwrap(), GUID.parse().unwrap(), KeyId::new(key_id));
        let secrets = SavedSecrets {
            application_key: SecretSource::value(&*std::env::var("DTC_BENCH_KEY").unwrap()),
            password: SecretSource::value(PASSWORD),
            salt: SecretSource::value(SALT),
        };
        let source = connect_saved(record, secrets, Some(url.to_owned()), |_| ()).await.unwrap();
        let (wanted, now) = (vec![row.parse().unwrap()], Timestamp::now());
        let selection = Selection::new(wanted, Filter::default(), now);
        if row == Row::Listing.name() {
            let tree = restore::tree(&source, &selection.at(now)).await.unwrap();
            let mut out = BufWriter::new(std::io::stdout().lock());
            for file in &tree.files {
                out.write_all(&file.path).unwrap();
                out.write_all(b"\n").unwrap();
            }
            return;
        }
        let tree = restore::tree(&source, &selection).await.unwrap();
        let report = restore::get(&source, &tree, &GetOptions::new(folder), &|_| ()).await.unwrap();
        assert!(report.is_complete(), "{report:?}");
    });
}
