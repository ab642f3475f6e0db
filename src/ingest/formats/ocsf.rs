//! CloudTrail events as Security Lake keeps them: in the Open Cybersecurity Schema Framework (OCSF), "API Activity" and
//! the classes for sign-ins and changes of accounts. They are read back into CloudTrail's fields.
//!
//! <https://github.com/ocsf/examples/tree/main/mappings/markdown/AWS> has the mapping, which changed between 1.0.0-rc.2
//! and 1.1.0. What it has no place for stands in `unmapped` under CloudTrail's own names.

use super::rows::Cells;
use super::{Format, Item, Output};
use crate::base::{Code, EpochMs, Severity};
use crate::ingest::shallow;
use crate::ingest::table::MOST_CELLS;
use serde_json::{Value, json};

/// Where a field of an event stands, the place to look first coming first.
const FIELDS: &[(&str, &str)] = &[
    ("eventVersion", "/metadata/product/version"),
    ("userIdentity.type", "/actor/user/type"),
    ("userIdentity.principalId", "/actor/user/uid_alt"),
    ("userIdentity.arn", "/actor/user/uuid"),
    ("userIdentity.accountId", "/actor/user/account/uid"),
    ("userIdentity.accountId", "/actor/user/account_uid"),
    ("userIdentity.accessKeyId", "/actor/user/credential_uid"),
    ("userIdentity.userName", "/actor/user/name"),
    ("userIdentity.sessionContext.attributes.creationDate", "/actor/session/created_time_dt"),
    ("userIdentity.sessionContext.attributes.mfaAuthenticated", "/actor/session/is_mfa"),
    ("userIdentity.sessionContext.attributes.mfaAuthenticated", "/actor/session/mfa"),
    ("userIdentity.sessionContext.sessionIssuer.arn", "/actor/session/issuer"),
    ("userIdentity.invokedBy", "/actor/invoked_by"),
    ("userIdentity.identityProvider", "/actor/idp/name"),
    ("eventSource", "/api/service/name"),
    ("eventName", "/api/operation"),
    ("awsRegion", "/cloud/region"),
    ("sourceIPAddress", "/src_endpoint/ip"),
    ("sourceIPAddress", "/src_endpoint/domain"),
    ("userAgent", "/http_request/user_agent"),
    ("errorCode", "/api/response/error"),
    ("errorMessage", "/api/response/message"),
    ("errorMessage", "/api/response/error_message"),
    ("requestParameters", "/api/request/data"),
    ("responseElements", "/api/response/data"),
    ("requestID", "/api/request/uid"),
    ("eventID", "/metadata/uid"),
    ("eventType", "/metadata/event_code"),
    ("apiVersion", "/api/version"),
    ("vpcEndpointId", "/src_endpoint/uid"),
    ("tlsDetails.tlsVersion", "/tls/version"),
    ("tlsDetails.cipherSuite", "/tls/cipher"),
    ("tlsDetails.clientProvidedHostHeader", "/tls/sni"),
];
/// What `metadata.product.feature.name` says if it is an `eventCategory`; elsewhere it is a title.
const CATEGORIES: [&str; 4] = ["Management", "Data", "Insight", "NetworkActivity"];

pub(super) struct Ocsf;

impl Format for Ocsf {
    fn name(&self) -> &'static str {
        "OCSF events (Security Lake)"
    }

    fn recognises(&self, item: &Item) -> bool {
        shallow::has_all(item.json, &["class_uid", "metadata"])
    }

    fn read(&self, item: &Item, out: &mut Output) {
        let Ok(event) = serde_json::from_slice::<Value>(item.json) else {
            let offset = item.offset;
            out.findings.add(Severity::Error, Code::InvalidJson, "OCSF", || {
                format!("the OCSF event at byte {offset} is not valid JSON; skipped")
            });
            return;
        };
        match text(&event, "/metadata/product/name") {
            Some("CloudTrail") => out.row(item, &cells(&event)),
            product => out.findings.add(Severity::Note, Code::SetAside, "OCSF", || {
                let product: String = product.unwrap_or("no product").chars().take(64).collect();
                format!("this is an OCSF event of another source ({product:?}): no CloudTrail event in it")
            }),
        }
    }
}

fn text<'e>(event: &'e Value, place: &str) -> Option<&'e str> {
    event.pointer(place)?.as_str()
}

/// The fields of the event, each once.
fn cells(event: &Value) -> Cells {
    let mut found: Vec<(&str, Value)> = Vec::new();
    let mut add = |field, value: Value| {
        let is_empty = value.is_null() || value == "";
        if !is_empty && !found.iter().any(|(known, _)| *known == field) {
            found.push((field, value));
        }
    };
    for (field, value) in event["unmapped"].as_object().into_iter().flatten().take(MOST_CELLS) {
        add(field.as_str(), value.clone());
    }
    // What is unique about a user was the principal's id before 1.1.0 and is the ARN since.
    let uid = &event["actor"]["user"]["uid"];
    let is_arn = uid.as_str().is_some_and(|uid| uid.starts_with("arn:"));
    add(if is_arn { "userIdentity.arn" } else { "userIdentity.principalId" }, uid.clone());
    for (field, place) in FIELDS {
        add(field, event.pointer(place).cloned().unwrap_or_default());
    }
    add("eventTime", time(event).map(Value::from).unwrap_or_default());
    add("recipientAccountId", event.pointer("/cloud/account/uid").cloned().unwrap_or_default());
    if let Some(category) = text(event, "/metadata/product/feature/name").filter(|name| CATEGORIES.contains(name)) {
        add("eventCategory", category.into());
    }
    add("resources", resources(event));
    let mut cells = Cells::default();
    found.into_iter().for_each(|(field, value)| cells.push(field.to_owned(), &value));
    cells
}

/// When it was, as CloudTrail writes it.
fn time(event: &Value) -> Option<String> {
    let millis = event["time"].as_i64().map(EpochMs);
    millis.or_else(|| EpochMs::parse(text(event, "/time_dt")?)).map(EpochMs::to_rfc3339)
}

fn resources(event: &Value) -> Value {
    let resource = |resource: &Value| {
        let accounts = ["/account/uid", "/owner/account/uid", "/account_uid"];
        let mut members = serde_json::Map::new();
        for (name, value) in [
            ("ARN", resource.get("uid")),
            ("accountId", accounts.iter().find_map(|place| resource.pointer(place))),
            ("type", resource.get("type")),
        ] {
            if let Some(value) = value.filter(|value| !value.is_null()) {
                members.insert(name.into(), value.clone());
            }
        }
        Value::Object(members)
    };
    let list: Vec<Value> = event["resources"].as_array().into_iter().flatten().map(resource).collect();
    if list.is_empty() { Value::Null } else { json!(list) }
}
