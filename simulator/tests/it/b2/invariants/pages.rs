//! Listings in pages of random size, compared with the whole listing.

use serde_json::{Value, json};

use super::{BUCKET, Run};

/// A paged listing: its operation, what its rows are under, how many it is asked for, and its cursor in the answer and in the request.
type Listing = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const NAMES: Listing = ("b2_list_file_names", "files", "maxFileCount", &[("nextFileName", "startFileName")]);
const VERSIONS: Listing = (
    "b2_list_file_versions",
    "files",
    "maxFileCount",
    &[("nextFileName", "startFileName"), ("nextFileId", "startFileId")],
);
const UNFINISHED: Listing =
    ("b2_list_unfinished_large_files", "files", "maxFileCount", &[("nextFileId", "startFileId")]);
const PARTS: Listing = ("b2_list_parts", "parts", "maxPartCount", &[("nextPartNumber", "startPartNumber")]);

impl Run {
    pub(super) async fn check_pages(&mut self) {
        let bucket = self.bucket.clone();
        for listing in [NAMES, VERSIONS, UNFINISHED] {
            self.compare(listing, json!({"bucketId": bucket})).await;
        }
        for listing in [NAMES, VERSIONS] {
            self.compare(listing, json!({"bucketId": bucket, "delimiter": "/"})).await;
            self.compare(listing, json!({"bucketId": bucket, "prefix": "a/", "delimiter": "/"})).await;
        }
        let begun = self.b2().versions(BUCKET).into_iter().filter(|row| row["action"] == "start");
        for file in begun.collect::<Vec<_>>() {
            let whole = self.compare(PARTS, json!({"fileId": file["fileId"]})).await;
            let kept = self.parts.get(file["fileId"].as_str().unwrap()).cloned().unwrap_or_default();
            let numbers = |rows: &[Value]| {
                rows.iter().map(|row| row["partNumber"].as_u64().unwrap()).collect::<Vec<_>>()
            };
            assert_eq!(numbers(&whole), kept.keys().copied().collect::<Vec<_>>());
        }
    }

    /// Lists in one page and in many, which must agree, and returns the rows.
    async fn compare(&mut self, (operation, rows, count, cursor): Listing, request: Value) -> Vec<Value> {
        let owner = self.actors.len() - 1;
        let mut whole = request.clone();
        whole[count] = json!(100);
        let whole = self.actors[owner].call(operation, whole).await.unwrap();
        assert!(whole[cursor[0].0].is_null(), "{whole}");
        let whole = whole[rows].as_array().unwrap().clone();
        let (mut next, mut pieced) = (request, Vec::new());
        for _ in 0..=2 * whole.len() {
            let size = 1 + self.dice.roll(4);
            next[count] = json!(size);
            let page = self.actors[owner].call(operation, next.clone()).await.unwrap();
            let got = page[rows].as_array().unwrap();
            assert!(got.len() as u64 <= size, "{operation}");
            pieced.extend(got.iter().cloned());
            if page[cursor[0].0].is_null() {
                break;
            }
            for (from, to) in cursor {
                next[*to] = page[*from].clone();
            }
        }
        assert_eq!(pieced, whole, "{operation}");
        whole
    }
}
