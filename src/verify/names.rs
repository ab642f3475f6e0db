//! What the names of objects in a trail's bucket say. Names are matched, never trusted.

/// The file name at the end of a path: of an object key, of a dropped file or of an entry of an archive.
pub fn file_name(path: &str) -> &str {
    let inner = path.rsplit(" › ").next().unwrap_or(path);
    inner.rsplit(['/', '\\']).next().unwrap_or(inner)
}

/// A path up to its file name.
pub fn folder(path: &str) -> &str {
    &path[..path.len() - file_name(path).len()]
}

/// A file name without `.gz`: some tools decompress on download and rename, some do without.
pub fn without_gz(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}

/// Whether this is a log file of a trail: `ACCOUNT_CloudTrail_REGION_TIME_UNIQUE.json.gz`, or one of Insights or network
/// activity events.
pub fn is_log(path: &str) -> bool {
    second_part(path).is_some_and(|part| part.starts_with("CloudTrail") && part != DIGEST)
}

/// Whether this is a digest file: `ACCOUNT_CloudTrail-Digest_REGION_TRAIL_REGION_TIME.json.gz`.
pub fn is_digest(path: &str) -> bool {
    second_part(path) == Some(DIGEST)
}

/// Whether this is the result of a CloudTrail Lake query as saved to a bucket: `result_NUMBER.csv.gz`.
pub fn is_lake_result(path: &str) -> bool {
    let number = file_name(path).strip_prefix("result_").and_then(|rest| rest.strip_suffix(".csv.gz"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a digest file or a sign file can name it.
pub fn can_be_named(path: &str) -> bool {
    is_log(path) || is_lake_result(path)
}

const DIGEST: &str = "CloudTrail-Digest";

fn second_part(path: &str) -> Option<&str> {
    file_name(path).split('_').nth(1)
}

/// To which chain a digest file belongs, by its object key: account, Region, trail, and whether it is a backfill digest,
/// which carries what came too late for the digest of its hour. A key of another form is a chain by its folder.
pub fn chain(object: &str) -> (&str, &str, &str, bool) {
    let whole = without_gz(file_name(object)).trim_end_matches(".json");
    let (name, backfill) = whole.strip_suffix("_backfill").map_or((whole, false), |name| (name, true));
    let parts = || {
        let (account, rest) = name.split_once("_CloudTrail-Digest_")?;
        let (region, rest) = rest.split_once('_')?;
        let (rest, _time) = rest.rsplit_once('_')?;
        let (trail, _home) = rest.rsplit_once('_')?;
        Some((account, region, trail))
    };
    let (account, region, trail) = parts().unwrap_or(("", "", folder(object)));
    (account, region, trail, backfill)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz";
    const DIGEST: &str = "AWSLogs/1/CloudTrail-Digest/us-east-2/2015/08/17/111122223333_CloudTrail-Digest_us-east-2_your_trail-name_us-east-1_20150817T150131Z.json.gz";

    #[test]
    fn names_of_aws() {
        let inside = format!("C:\\x\\a.zip › AWSLogs/1/{LOG}");
        assert_eq!((file_name(&inside), without_gz(file_name("a/b.json.gz"))), (LOG, "b.json"));
        assert!(is_log(&inside) && is_log("1_CloudTrail-Insight_us-east-1_20150801T0210Z_x.json.gz"));
        assert!(is_digest(DIGEST) && !is_log(DIGEST) && !is_digest(LOG) && !is_log("cloudtrail.json"));
        assert!(
            is_lake_result("q/result_12.csv.gz")
                && !is_lake_result("result_.csv.gz")
                && !is_lake_result("result_1.csv")
        );
        assert_eq!(folder(&inside), "C:\\x\\a.zip › AWSLogs/1/");
    }

    #[test]
    fn chains() {
        assert_eq!(chain(DIGEST), ("111122223333", "us-east-2", "your_trail-name", false));
        let backfill = DIGEST.replace(".json", "_backfill.json");
        assert_eq!(chain(&backfill), ("111122223333", "us-east-2", "your_trail-name", true));
        assert_eq!(chain("x/y.json"), ("", "", "x/", false));
    }
}
