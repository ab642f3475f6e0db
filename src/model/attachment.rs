//! Small AWS files that were dropped along with events: they hold none, but say something about them.

use serde::{Deserialize, Serialize};

/// What an attachment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttachmentKind {
    /// A CloudTrail digest file: hashes of log files.
    Digest,
    /// The output of `aws cloudtrail list-public-keys`.
    PublicKeys,
    /// What S3 keeps with a digest file, its signature among it: the output of `aws s3api head-object`.
    ObjectMetadata,
    /// The signature file of a CloudTrail Lake query, `result_sign.json`.
    LakeSignature,
    /// The output of `aws logs describe-metric-filters`.
    MetricFilters,
    /// The output of `aws cloudwatch describe-alarms`.
    Alarms,
    /// The output of `aws events describe-rule` or `list-rules`.
    Rules,
    /// A CloudFormation template (JSON) with metric filters, alarms or rules.
    CloudFormation,
    /// What `terraform show -json` prints of a plan or state with metric filters, alarms or rules.
    Terraform,
    /// The output of `aws organizations list-accounts`, or a table of accounts in its form.
    Accounts,
}

/// One such file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What it is.
    pub kind: AttachmentKind,
    /// Path as dropped; archive entries as `outer.zip › inner.json.gz`.
    pub path: String,
    /// Its JSON object, byte for byte as it stands in the file. Balanced, not yet checked to be valid JSON.
    pub json: String,
    /// Whether the file, once decompressed, is exactly `json` and no byte more, so that a hash of one is a hash of the other.
    pub whole: bool,
}

impl Attachment {
    /// Bytes that each counts against limits, however small it is.
    pub const FIXED_COST: usize = 256;

    /// What it counts against limits, in bytes.
    pub fn cost(&self) -> usize {
        Self::FIXED_COST + self.json.len()
    }
}
