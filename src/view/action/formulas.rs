//! What actions do to alarms on metric math.

use super::unused_name;
use crate::model::alarm::MathBacktest;
use crate::view::state::{NamedFormula, ViewState};

/// Adds one at the end and makes it active.
pub(super) fn add(view: &mut ViewState, name: &str, backtest: MathBacktest) {
    let (id, name) = (view.free_id(), unused_name(view, name));
    view.formulas.push(NamedFormula { id, name, backtest });
    view.active = Some(id);
}

/// Adds those of what is deployed whose names are not there yet.
pub(super) fn add_deployed(view: &mut ViewState, items: Vec<MathBacktest>) {
    for backtest in items {
        let alarm_name = &backtest.alarm.alarm_name;
        if view.formulas.iter().all(|item| item.backtest.alarm.alarm_name != *alarm_name) {
            let (id, name) = (view.free_id(), unused_name(view, alarm_name));
            view.formulas.push(NamedFormula { id, name, backtest });
            view.active = view.active.or(Some(id));
        }
    }
}

/// One of the list.
pub(super) fn find(view: &mut ViewState, id: u32) -> Option<&mut NamedFormula> {
    view.formulas.iter_mut().find(|item| item.id == id)
}

/// Copies one next to itself and makes the copy active.
pub(super) fn duplicate(view: &mut ViewState, id: u32) {
    if let Some(index) = view.formulas.iter().position(|item| item.id == id) {
        let mut copy = view.formulas[index].clone();
        (copy.id, copy.name) = (view.free_id(), unused_name(view, &copy.name));
        // Two alarms of one name would be one alarm.
        copy.backtest.alarm.alarm_name.clear();
        view.active = Some(copy.id);
        view.formulas.insert(index + 1, copy);
    }
}

/// Replaces them all.
pub(super) fn replace(view: &mut ViewState, items: Vec<NamedFormula>) {
    view.formulas.clear();
    for mut item in items {
        item.id = view.free_id();
        view.formulas.push(item);
    }
}
