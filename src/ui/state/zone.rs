//! The chosen time zone, sampled from the browser over the span of the data.

use super::prefs::{Prefs, ZoneChoice};
use super::session::Session;
use crate::base::EpochMs;
use crate::base::time::{DAY, MINUTE, days_from_civil};
use crate::view::zone::Zone;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The zone everything is shown in.
pub fn provide(prefs: RwSignal<Prefs>, session: Session) -> Memo<Zone> {
    let choice = Memo::new(move |_| prefs.with(|prefs| prefs.zone.clone()));
    // Rounded outwards to a few days, so that a load in progress does not sample again with every event.
    let span = Memo::new(move |_| {
        session.loaded.with(|loaded| {
            let now = EpochMs(Date::now() as i64);
            let (first, last) = (loaded.first.unwrap_or(now), loaded.last.unwrap_or(now));
            (EpochMs(first.0 - 2 * DAY).floor_to(8 * DAY), EpochMs(last.0 + 10 * DAY).floor_to(8 * DAY))
        })
    });
    Memo::new(move |_| {
        let (from, to) = span.get();
        // A file with a stray date must not make the page sample a century.
        let from = EpochMs(from.0.max(to.0 - 20 * 366 * DAY));
        match choice.get() {
            ZoneChoice::Utc => Zone::default(),
            ZoneChoice::Local => Zone::sample(&local_name(), from, to, local_offset),
            ZoneChoice::Named(name) => match formatter(&name) {
                Some(format) => Zone::sample(&name, from, to, |time| offset(&format, time)),
                None => Zone::default(),
            },
        }
    })
}

/// The browser's own zone by IANA name.
pub fn local_name() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    let name = Reflect::get(&options, &"timeZone".into()).ok().and_then(|name| name.as_string());
    name.unwrap_or_else(|| "Local".into())
}

/// A zone by IANA name over a span of time; `None` for a name the browser does not know.
pub fn named(name: &str, first: EpochMs, last: EpochMs) -> Option<Zone> {
    let format = formatter(name)?;
    // As far back as the longest mute window reaches, and no further than a stray date may make it.
    let from = EpochMs((first.0 - 20 * DAY).max(last.0 - 20 * 366 * DAY));
    Some(Zone::sample(name, from, EpochMs(last.0 + 20 * DAY), |time| offset(&format, time)))
}

/// All IANA names the browser knows.
pub fn names() -> Vec<String> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).unwrap_or_default();
    let list = Reflect::get(&intl, &"supportedValuesOf".into())
        .ok()
        .and_then(|function| function.dyn_into::<Function>().ok())
        .and_then(|function| function.call1(&intl, &"timeZone".into()).ok());
    list.map(|list| Array::from(&list).iter().filter_map(|name| name.as_string()).collect()).unwrap_or_default()
}

fn local_offset(time: EpochMs) -> i64 {
    -(Date::new(&JsValue::from_f64(time.0 as f64)).get_timezone_offset() as i64) * MINUTE
}

/// A formatter whose parts are the zone's calendar fields; `None` for a name the browser does not know.
fn formatter(zone: &str) -> Option<Function> {
    let options = Object::new();
    let fields = [
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "numeric"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "numeric"),
    ];
    for (key, value) in fields {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let constructor =
        Reflect::get(&Reflect::get(&js_sys::global(), &"Intl".into()).ok()?, &"DateTimeFormat".into()).ok()?;
    let arguments = Array::of2(&"en-US".into(), &options);
    let format = Reflect::construct(&constructor.dyn_into::<Function>().ok()?, &arguments).ok()?;
    let to_parts = Reflect::get(&format, &"formatToParts".into()).ok()?.dyn_into::<Function>().ok()?;
    Some(to_parts.bind0(&format))
}

fn offset(to_parts: &Function, time: EpochMs) -> i64 {
    let date = Date::new(&JsValue::from_f64(time.0 as f64));
    let parts = to_parts.call1(&JsValue::NULL, &date).map(|parts| Array::from(&parts)).unwrap_or_default();
    let field = |name: &str| {
        parts
            .iter()
            .find(|part| {
                Reflect::get(part, &"type".into()).ok().and_then(|kind| kind.as_string()).as_deref() == Some(name)
            })
            .and_then(|part| Reflect::get(&part, &"value".into()).ok()?.as_string()?.parse::<i64>().ok())
            .unwrap_or(0)
    };
    let days = days_from_civil(field("year"), field("month") as u32, field("day") as u32);
    let local = days * DAY + field("hour") * 60 * MINUTE + field("minute") * MINUTE;
    local - time.floor_to(MINUTE).0
}
