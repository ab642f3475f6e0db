//! Writes one record as CloudTrail does: the same fields in the same order.
//!
//! Request parameters and the like are templates: `<bucket>`, `<uuid>` and so on stand for values that are drawn
//! once an event, so that a name is the same in the request, the response and the resource.

use std::fmt::Write;

use super::company::{ACCOUNT, Actor, Identity, Operation, REGIONS};
use super::random::Random;
use crate::base::EpochMs;
use crate::base::time::{HOUR, MINUTE};

/// What one event is about, apart from who does what.
pub(super) struct Scene<'a> {
    random: &'a mut Random,
    time: EpochMs,
    region: usize,
    /// Values drawn for templates.
    drawn: Vec<(String, String)>,
}

/// The parts of a record that differ between kinds of events.
pub(super) struct Record<'a> {
    pub(super) identity: String,
    pub(super) source: &'a str,
    pub(super) name: &'a str,
    pub(super) address: &'a str,
    pub(super) agent: &'a str,
    /// Code, which may be empty, and message.
    pub(super) error: Option<(&'a str, &'a str)>,
    /// Templates of JSON values.
    pub(super) request: &'a str,
    pub(super) response: &'a str,
    pub(super) additional: &'a str,
    /// Type and ARN template.
    pub(super) resource: Option<(&'a str, &'a str)>,
    pub(super) read_only: bool,
    pub(super) kind: &'a str,
    pub(super) is_data: bool,
}

impl<'a> Record<'a> {
    /// An API call without parameters.
    pub(super) fn call(identity: String, source: &'a str, name: &'a str) -> Self {
        Self {
            identity,
            source,
            name,
            address: "",
            agent: "",
            error: None,
            request: "null",
            response: "null",
            additional: "",
            resource: None,
            read_only: false,
            kind: "AwsApiCall",
            is_data: false,
        }
    }
}

impl<'a> Scene<'a> {
    pub(super) fn new(random: &'a mut Random, time: EpochMs, region: usize) -> Self {
        Self { random, time, region, drawn: Vec::new() }
    }

    /// What `actor` does on any day.
    pub(super) fn everyday(mut self, actor: &Actor, operation: &Operation) -> String {
        let (address, agent) = (*self.random.pick(actor.addresses), *self.random.pick(actor.agents));
        let failed = !operation.errors.is_empty() && self.random.chance(operation.error_permille);
        let error = failed.then(|| *self.random.pick(operation.errors));
        let identity = self.identity(actor);
        self.write(&Record {
            address,
            agent,
            error,
            request: operation.request,
            response: if failed { "null" } else { operation.response },
            additional: operation.additional,
            resource: operation.resource,
            read_only: !operation.write,
            kind: operation.kind,
            is_data: operation.is_data,
            ..Record::call(identity, operation.source, operation.name)
        })
    }

    /// `userIdentity` of a company's actor.
    pub(super) fn identity(&mut self, actor: &Actor) -> String {
        // One session lasts some hours; its key and start are the same for all of its events.
        let session = self.time.floor_to(6 * HOUR);
        let mut fixed = Random::new(
            session.0 as u64 ^ actor.id.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31) ^ u64::from(byte)),
        );
        let created = EpochMs(session.0 + fixed.below(50) as i64 * MINUTE).to_rfc3339();
        let key = fixed.text(12, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
        let id = actor.id;
        match actor.identity {
            Identity::User { name, mfa } => format!(
                r#"{{"type":"IAMUser","principalId":"AIDA{id}","arn":"arn:aws:iam::{ACCOUNT}:user/{name}","accountId":"{ACCOUNT}","accessKeyId":"ASIA{key}","userName":"{name}","sessionContext":{{"attributes":{{"creationDate":"{created}","mfaAuthenticated":"{mfa}"}}}}}}"#
            ),
            Identity::Role { name, session, invoked_by } => {
                let session = self.expand(session);
                let invoked_by =
                    if invoked_by.is_empty() { String::new() } else { format!(r#","invokedBy":"{invoked_by}""#) };
                format!(
                    r#"{{"type":"AssumedRole","principalId":"AROA{id}:{session}","arn":"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{session}","accountId":"{ACCOUNT}","accessKeyId":"ASIA{key}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{id}","arn":"arn:aws:iam::{ACCOUNT}:role/{name}","accountId":"{ACCOUNT}","userName":"{name}"}},"attributes":{{"creationDate":"{created}","mfaAuthenticated":"false"}}}}{invoked_by}}}"#
                )
            }
            Identity::Service(name) => format!(r#"{{"type":"AWSService","invokedBy":"{name}"}}"#),
        }
    }

    /// The record as JSON.
    pub(super) fn write(mut self, record: &Record) -> String {
        let region = REGIONS[self.region].name;
        let mut out = String::with_capacity(2_048);
        let Record { identity, source, name, address, agent, read_only, kind, .. } = record;
        let time = self.time.to_rfc3339();
        let version = *self.random.pick(&["1.08", "1.09", "1.09", "1.10", "1.11"]);
        let mut put = |text: std::fmt::Arguments| {
            let _ = out.write_fmt(text); // a String takes everything
        };
        put(format_args!(
            r#"{{"eventVersion":"{version}","userIdentity":{identity},"eventTime":"{time}","eventSource":"{source}","eventName":"{name}","awsRegion":"{region}","sourceIPAddress":"{address}","userAgent":"{agent}""#
        ));
        if let Some((code, message)) = record.error {
            if !code.is_empty() {
                put(format_args!(r#","errorCode":"{code}""#));
            }
            put(format_args!(r#","errorMessage":"{}""#, self.expand(message)));
        }
        put(format_args!(r#","requestParameters":{}"#, self.expand(record.request)));
        put(format_args!(r#","responseElements":{}"#, self.expand(record.response)));
        if !record.additional.is_empty() {
            put(format_args!(r#","additionalEventData":{}"#, self.expand(record.additional)));
        }
        if *kind == "AwsApiCall" {
            put(format_args!(r#","requestID":"{}""#, self.random.uuid()));
        }
        put(format_args!(r#","eventID":"{}","readOnly":{read_only}"#, self.random.uuid()));
        if let Some((kind, arn)) = record.resource {
            let arn = self.expand(arn);
            put(format_args!(r#","resources":[{{"accountId":"{ACCOUNT}","type":"{kind}","ARN":"{arn}"}}]"#));
        }
        let (management, category) = if record.is_data { (false, "Data") } else { (true, "Management") };
        put(format_args!(
            r#","eventType":"{kind}","managementEvent":{management},"recipientAccountId":"{ACCOUNT}","eventCategory":"{category}""#
        ));
        if *kind == "AwsApiCall" && !address.ends_with(".amazonaws.com") {
            let service = source.split('.').next().unwrap_or(source);
            let host = format!("{service}.{region}.amazonaws.com");
            put(format_args!(
                r#","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{host}"}}"#
            ));
        }
        out.push('}');
        out
    }

    /// The template with its placeholders replaced.
    fn expand(&mut self, template: &str) -> String {
        let mut out = String::with_capacity(template.len() + 64);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('<') {
            let Some((key, after)) = after.split_once('>') else { break };
            out.push_str(before);
            out.push_str(&self.draw(key));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// The value that `key` stands for in this event.
    fn draw(&mut self, key: &str) -> String {
        if let Some((_, value)) = self.drawn.iter().find(|(known, _)| known == key) {
            return value.clone();
        }
        let random = &mut *self.random;
        let value = match key {
            "account" => ACCOUNT.to_owned(),
            "region" => REGIONS[self.region].name.to_owned(),
            "bucket" => {
                (*random.pick(&["orders", "invoices", "web-assets", "analytics", "backups"])).to_owned() + "-example"
            }
            "key" => {
                let (year, number) = (self.time.civil().year, random.below(100_000));
                format!(
                    "{}/{year}/{number:05}.{}",
                    random.pick(&["in", "out", "raw"]),
                    random.pick(&["json", "parquet", "pdf"])
                )
            }
            "instance" => format!("i-0{:016x}", 0x3f7a_11d0_0000_0000_u64 + random.below(24) * 0x1f_35a7),
            "volume" => format!("vol-0{:016x}", 0x5b10_22e0_0000_0000_u64 + random.below(40) * 0x0d_11c3),
            "snapshot" => format!("snap-0{}", random.hex(16)),
            "group" => format!("sg-0{:016x}", 0x1a2b_3c40_0000_0000_u64 + random.below(12) * 0x77_7777),
            "kms" => {
                let number = random.below(5);
                format!("1d2c3b4a-0000-4000-8000-00000000000{number}")
            }
            "secret" => (*random.pick(&["prod/orders/db", "prod/web/session", "prod/mail/api-key"])).to_owned(),
            "parameter" => format!(
                "/prod/{}/{}",
                random.pick(&["web", "orders", "mail"]),
                random.pick(&["url", "flags", "limits"])
            ),
            "function" => (*random.pick(&["orders-worker", "invoice-mailer", "thumbnailer"])).to_owned(),
            "role" => (*random.pick(&["web-app", "orders-worker", "reporting"])).to_owned(),
            "user" => (*random.pick(&["alice", "bruno", "chen", "dana"])).to_owned(),
            "table" => (*random.pick(&["Orders", "Sessions", "Customers"])).to_owned(),
            "number" => random.below(9_000).to_string(),
            "word" => random.text(8, b"abcdefghijklmnopqrstuvwxyz0123456789"),
            "time" => self.time.to_rfc3339(),
            "base64" => random.text(76, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"),
            _ => random.uuid(),
        };
        self.drawn.push((key.to_owned(), value.clone()));
        value
    }
}
