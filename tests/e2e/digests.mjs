// A trail with digest files as CloudTrail writes them, signed with a key made here.

import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { record } from "./trail.mjs";

const BUCKET = "trail-bucket";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const der = publicKey.export({ type: "pkcs1", format: "der" });
const fingerprint = createHash("md5").update(der).digest("hex");
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const two = (number) => String(number).padStart(2, "0");

/** As `aws cloudtrail list-public-keys` prints it. */
export const keys = {
  PublicKeyList: [
    {
      Value: der.toString("base64"),
      ValidityStartTime: "2024-01-01T00:00:00+00:00",
      ValidityEndTime: "2024-12-31T00:00:00+00:00",
      Fingerprint: fingerprint,
    },
  ],
};

/**
 * Writes `hours` hours with two log files each below `folder`; answers the paths of the log files and what
 * `aws s3api head-object` prints about the newest digest file. `change` may alter a log file on its way to disk.
 */
export function writeDigestedTrail(folder, hours, change = (_, text) => text) {
  const write = (key, text) => {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), gzipSync(text));
  };
  const logs = [];
  let previous = null;
  for (let hour = 0; hour < hours; hour++) {
    const files = [0, 1].map((number) => {
      const s3Object = `AWSLogs/111122223333/CloudTrail/eu-west-1/2024/05/01/111122223333_CloudTrail_eu-west-1_20240501T${two(hour)}30Z_${two(hour)}abcdefghijklm${number}.json.gz`;
      const text = JSON.stringify({ Records: [record(hour * 2 + number)] });
      write(s3Object, change(logs.length, text));
      logs.push(s3Object);
      return { s3Bucket: BUCKET, s3Object, hashValue: sha256(text), hashAlgorithm: "SHA-256" };
    });
    const object = `AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2024/05/01/111122223333_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20240501T${two(hour + 1)}0007Z.json.gz`;
    const end = `2024-05-01T${two(hour + 1)}:00:07Z`;
    const text = JSON.stringify({
      awsAccountId: "111122223333",
      digestStartTime: `2024-05-01T${two(hour)}:00:07Z`,
      digestEndTime: end,
      digestS3Bucket: BUCKET,
      digestS3Object: object,
      digestPublicKeyFingerprint: fingerprint,
      digestSignatureAlgorithm: "SHA256withRSA",
      previousDigestS3Bucket: previous && BUCKET,
      previousDigestS3Object: previous?.object ?? null,
      previousDigestHashValue: previous?.hash ?? null,
      previousDigestHashAlgorithm: "SHA-256",
      previousDigestSignature: previous?.signature ?? null,
      logFiles: files,
    });
    const signed = `${end}\n${BUCKET}/${object}\n${sha256(text)}\n${previous?.signature ?? "null"}`;
    write(object, text);
    previous = { object, hash: sha256(text), signature: sign("sha256", signed, privateKey).toString("hex") };
  }
  const metadata = { signature: previous.signature, "signature-algorithm": "SHA256withRSA" };
  return { logs, head: { ContentLength: 1, ETag: '"0"', Metadata: metadata } };
}
