//! What actions do to composite alarms.

use super::unused_name;
use crate::model::composite::{AlarmMuteRule, CompositeAlarm};
use crate::view::state::{NamedComposite, ViewState};

/// Adds one at the end and makes it active.
pub(super) fn add(view: &mut ViewState, name: &str, alarm: CompositeAlarm) {
    let (id, name) = (view.free_id(), unused_name(view, name));
    view.composites.push(NamedComposite { id, name, alarm });
    view.active = Some(id);
}

/// Adds those of what is deployed whose names are not there yet.
pub(super) fn add_deployed(view: &mut ViewState, items: Vec<(String, CompositeAlarm)>) {
    for (name, alarm) in items {
        if view.composites.iter().all(|item| item.alarm.alarm_name != alarm.alarm_name) {
            let (id, name) = (view.free_id(), unused_name(view, &name));
            view.composites.push(NamedComposite { id, name, alarm });
            view.active = view.active.or(Some(id));
        }
    }
}

/// One of the list.
pub(super) fn find(view: &mut ViewState, id: u32) -> Option<&mut NamedComposite> {
    view.composites.iter_mut().find(|item| item.id == id)
}

/// Copies one next to itself and makes the copy active.
pub(super) fn duplicate(view: &mut ViewState, id: u32) {
    if let Some(index) = view.composites.iter().position(|item| item.id == id) {
        let mut copy = view.composites[index].clone();
        (copy.id, copy.name) = (view.free_id(), unused_name(view, &copy.name));
        // Two alarms of one name would be one alarm.
        copy.alarm.alarm_name.clear();
        view.active = Some(copy.id);
        view.composites.insert(index + 1, copy);
    }
}

/// Replaces composite alarms and mute rules.
pub(super) fn replace(view: &mut ViewState, items: Vec<NamedComposite>, mutes: Vec<AlarmMuteRule>) {
    view.composites.clear();
    for mut item in items {
        item.id = view.free_id();
        view.composites.push(item);
    }
    view.mutes = mutes;
}
