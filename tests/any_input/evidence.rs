//! Any text as what lies beside log files: digest files, keys, signatures.

use trailscope::model::attachment::{Attachment, AttachmentKind};
use trailscope::model::query::StreamHash;
use trailscope::verify::Audit;

/// Whatever was dropped, there is a report about it.
pub fn any_evidence(json: &str) {
    const KINDS: [AttachmentKind; 4] = [
        AttachmentKind::Digest,
        AttachmentKind::PublicKeys,
        AttachmentKind::ObjectMetadata,
        AttachmentKind::LakeSignature,
    ];
    let attachments = KINDS.map(|kind| Attachment { kind, path: "f.json.gz".into(), json: json.into(), whole: true });
    let mut audit = Audit::new(&attachments);
    while audit.step() {}
    let streams = [StreamHash {
        path: "111122223333_CloudTrail_us-east-1_20260102T0305Z_x.json.gz".into(),
        sha256: [0; 32],
        whole: true,
    }];
    let report = audit.finish(&streams, &[], &|_| true);
    assert!(!report.summary.is_empty());
    assert!(serde_json::to_string(&report).is_ok());
}
