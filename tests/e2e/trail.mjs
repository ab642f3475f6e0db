// Trails made by the tests, so that they know every event in them and run on any machine.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const NAMES = ["GetObject", "PutObject", "DescribeInstances", "AssumeRole", "ConsoleLogin"];
const START = Date.UTC(2025, 0, 6);

/** Event `number`, counted from 0: one a second; every tenth failed. */
export function record(number) {
  const failed = number % 10 === 9;
  return {
    eventVersion: "1.11",
    userIdentity: { type: "IAMUser", userName: `user-${number % 7}`, arn: `arn:aws:iam::111122223333:user/user-${number % 7}` },
    eventTime: new Date(START + number * 1000).toISOString().replace(".000", ""),
    eventSource: "s3.amazonaws.com",
    eventName: NAMES[number % NAMES.length],
    awsRegion: "eu-central-1",
    sourceIPAddress: `192.0.2.${number % 200}`,
    ...(failed ? { errorCode: "AccessDenied" } : {}),
    requestParameters: { bucketName: "reports", key: `file-${String(number).padStart(6, "0")}` },
    requestID: `request-${Math.floor(number / 2)}`,
    eventID: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    readOnly: number % 2 === 0,
    eventCategory: "Management",
    recipientAccountId: "111122223333",
  };
}

/** Writes events `0..events` into gzipped log files of `each`; answers the folder. */
export function writeTrail(folder, { events, each, copies = 1 }) {
  mkdirSync(folder, { recursive: true });
  for (let first = 0; first < events; first += each) {
    const numbers = Array.from({ length: Math.min(each, events - first) }, (_, index) => first + index);
    const bytes = gzipSync(JSON.stringify({ Records: numbers.map(record) }), { level: 1 });
    for (let copy = 0; copy < copies; copy++) writeFileSync(join(folder, `log-${first}-${copy}.json.gz`), bytes);
  }
  return folder;
}

/** Writes a value as JSON into a file; answers its path. */
export function writeJson(folder, name, value) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}
