//! Signatures of digest files that came from S3: it keeps each one with its object, not in it.

use crate::model::attachment::Attachment;
use serde_json::Value;

/// One signature.
pub(super) struct Signature {
    /// Key of the object it was kept with, where the file says that.
    pub(super) object: Option<String>,
    /// In hexadecimal.
    pub(super) hex: String,
    /// The file it came in.
    pub(super) path: String,
}

/// Reads what `aws s3api head-object` prints, its `Metadata` alone, or an object of such by object key. Object metadata
/// without a signature holds none.
pub(super) fn read(attachment: &Attachment) -> Vec<Signature> {
    let Ok(Value::Object(fields)) = serde_json::from_str(&attachment.json) else { return Vec::new() };
    let whole = Value::Object(fields);
    let signature = |object: Option<&String>, of: &Value| {
        let metadata = of.get("Metadata").unwrap_or(of);
        let hex = metadata.get("signature").or_else(|| metadata.get("Signature"))?.as_str()?.to_owned();
        Some(Signature { object: object.cloned(), hex, path: attachment.path.clone() })
    };
    if let Some(one) = signature(None, &whole) {
        return vec![one];
    }
    let by_key = whole.as_object().into_iter().flatten();
    by_key.filter_map(|(key, value)| signature(Some(key), value)).collect()
}
