//! The names of one appliance's backup, computed and read back.
//!
//! `cargo run -p dtc-examples --example names`

#![expect(clippy::print_stdout, reason = "a program talks to whoever runs it")]

use dtc_naming::{
    BucketName, DeviceGuid, Error, FolderPath, LocationUuid, ParsedBucketName, PoolName, TaskDescription,
    Workload,
};

fn main() -> Result<(), Error> {
    let location: LocationUuid = "A1B2C3D4-E5F6-7071-8293-A4B5C6D7E8F9".parse()?;
    let device: DeviceGuid = "9babab19-acc0-4587-aa05-ccd8103a1148".parse()?;
    let bucket = BucketName::compute(Workload::TrueNas, location);
    println!("bucket            {bucket}");

    for pool in ["pool0", "pool1"] {
        let pool: PoolName = pool.parse()?;
        let folder = FolderPath::compute(device, &pool);
        println!("{pool:<17} {folder}   {:?}", TaskDescription::compute(&pool).as_str());
        assert_eq!(folder.as_str().parse::<FolderPath>()?.pool(), &pool);
    }

    // What an older procedure named a bucket is recognised, and never made again.
    for text in [bucket.as_str(), "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9-a1b2c3d4"] {
        match BucketName::parse(text)? {
            ParsedBucketName::Standard(found) => println!("{text} is location {}", found.location()),
            ParsedBucketName::Legacy(found) => {
                println!("{text} is of the older scheme, organisation {}", found.organisation());
            }
        }
    }

    // A wrong one says which rule it breaks, where, and what to do.
    if let Err(error) = BucketName::parse("truenas-A1B2C3D4E5F670718293A4B5C6D7E8F9") {
        println!("{error}");
    }
    Ok(())
}
