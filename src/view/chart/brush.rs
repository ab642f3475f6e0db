//! A brush over the time axis: pressed, dragged, nudged with keys, committed or cleared.
//!
//! The selection always starts and ends on a step of the buckets, so that what is selected is what is seen, and
//! always lies inside the bounds.

use super::calendar::Step;
use super::scale::TimeScale;
use crate::base::EpochMs;
use crate::view::TimeRange;

/// What the pointer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// Nothing yet: a press begins a new selection.
    Outside,
    /// The early edge.
    From,
    /// The late edge.
    To,
    /// The selection as a whole.
    Body,
}

/// What a key moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nudge {
    /// The selection as a whole; the cursor without one.
    Move,
    /// The edge that moved last; begins a selection at the cursor.
    Head,
    /// The other edge.
    Tail,
}

/// What the page has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Unchanged,
    /// Show everything for this range, or for the whole again.
    Preview(Option<TimeRange>),
    /// Zoom in.
    Commit(TimeRange),
}

/// A selection in the making.
#[derive(Clone, Debug, PartialEq)]
pub struct Brush {
    bounds: TimeRange,
    step: Step,
    offset_ms: i64,
    cursor: EpochMs,
    /// Where the selection began and where it has got to.
    ends: Option<(EpochMs, EpochMs)>,
    drag: Option<Drag>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Drag {
    /// From a pressed instant to the pointer; `moved` once it has left its bucket or pixel.
    Sweep { anchor: EpochMs, moved: bool },
    /// The selection, held at this distance from its start.
    Carry { held_ms: i64 },
}

impl Brush {
    /// A brush without selection.
    pub fn new(bounds: TimeRange, step: Step, offset_ms: i64) -> Self {
        Self { bounds, step, offset_ms, cursor: bounds.from, ends: None, drag: None }
    }

    /// Takes over new bounds and buckets. What still lies inside the bounds stays selected.
    pub fn reshape(&mut self, bounds: TimeRange, step: Step, offset_ms: i64) -> Outcome {
        let before = self.selection();
        (self.bounds, self.step, self.offset_ms) = (bounds, step, offset_ms);
        self.cursor = self.inside(self.cursor);
        if let Some((anchor, head)) = self.ends.take() {
            self.set(anchor, head);
        }
        self.changed_from(before)
    }

    /// What is selected.
    pub fn selection(&self) -> Option<TimeRange> {
        let (a, b) = self.ends?;
        TimeRange::between(a, b)
    }

    /// Start of the bucket that keys act on when nothing is selected.
    pub fn cursor(&self) -> EpochMs {
        self.cursor
    }

    /// Whether the pointer holds something.
    pub fn is_dragging(&self) -> bool {
        self.drag.is_some()
    }

    /// What lies under a pixel; edges reach `reach` pixels to both sides.
    pub fn grip(&self, x: f64, reach: f64, scale: &TimeScale) -> Grip {
        let Some(selection) = self.selection() else { return Grip::Outside };
        let (from, to) = (scale.x(selection.from), scale.x(selection.to));
        // In a narrow selection the outer halves of the edges count.
        let reach_inside = reach.min((to - from) / 4.0);
        match x {
            x if x >= from - reach && x <= from + reach_inside => Grip::From,
            x if x <= to + reach && x >= to - reach_inside => Grip::To,
            x if x > from && x < to => Grip::Body,
            _ => Grip::Outside,
        }
    }

    /// The pointer goes down.
    pub fn press(&mut self, at: EpochMs, grip: Grip) {
        let drag = match (grip, self.selection()) {
            (Grip::From, Some(selection)) => Drag::Sweep { anchor: selection.to, moved: false },
            (Grip::To, Some(selection)) => Drag::Sweep { anchor: selection.from, moved: false },
            (Grip::Body, Some(selection)) => Drag::Carry { held_ms: at.0 - selection.from.0 },
            _ => Drag::Sweep { anchor: at, moved: false },
        };
        if grip == Grip::Outside {
            self.ends = None;
        }
        self.drag = Some(drag);
    }

    /// The pointer moves while it is down.
    pub fn drag_to(&mut self, at: EpochMs) -> Outcome {
        let before = self.selection();
        match self.drag {
            Some(Drag::Sweep { anchor, .. }) => {
                self.drag = Some(Drag::Sweep { anchor, moved: true });
                self.sweep(anchor, at);
            }
            Some(Drag::Carry { held_ms }) => {
                if let Some(selection) = before {
                    let wanted = EpochMs(at.0 - held_ms + self.step.typical_ms() / 2);
                    self.carry(selection, self.step.floor(wanted, self.offset_ms));
                }
            }
            None => return Outcome::Unchanged,
        }
        self.changed_from(before)
    }

    /// The pointer goes up. A press that never moved outside a selection clears it.
    pub fn release(&mut self) -> Outcome {
        match self.drag.take() {
            Some(Drag::Sweep { moved: false, .. }) => Outcome::Preview(self.selection()),
            _ => Outcome::Unchanged,
        }
    }

    /// Arrow keys: `steps` buckets forwards or backwards.
    pub fn nudge(&mut self, steps: i64, what: Nudge) -> Outcome {
        let before = self.selection();
        match (what, self.ends) {
            (Nudge::Move, None) => {
                self.cursor = self.inside(self.advance(self.cursor, steps));
                return Outcome::Unchanged;
            }
            (Nudge::Move, Some((a, b))) => {
                let selection = TimeRange { from: a.min(b), to: a.max(b) };
                let to = self.advance(selection.from, steps);
                self.carry(selection, to);
            }
            (_, None) => {
                let start = self.inside(self.cursor);
                let end = self.step.next(start, self.offset_ms);
                let (anchor, head) = if steps > 0 { (start, end) } else { (end, start) };
                self.set(anchor, self.advance(head, steps - steps.signum()));
            }
            (Nudge::Head, Some((anchor, head))) => self.set(anchor, self.advance(head, steps)),
            (Nudge::Tail, Some((anchor, head))) => self.set(self.advance(anchor, steps), head),
        }
        self.changed_from(before)
    }

    /// Home and End: to an end of the bounds.
    pub fn jump(&mut self, to_end: bool, what: Nudge) -> Outcome {
        let target = if to_end { EpochMs(self.bounds.to.0 - 1) } else { self.bounds.from };
        let before = self.selection();
        match (what, self.ends) {
            (Nudge::Move, None) => self.cursor = self.step.floor(target, self.offset_ms).max(self.bounds.from),
            (Nudge::Move, Some((a, b))) => self.carry(TimeRange { from: a.min(b), to: a.max(b) }, target),
            (Nudge::Tail, Some((_, head))) => self.sweep(head, target),
            (_, ends) => self.sweep(ends.map_or(self.cursor, |(anchor, _)| anchor), target),
        }
        self.changed_from(before)
    }

    /// Enter or a double click on the selection.
    pub fn commit(&mut self) -> Outcome {
        self.drag = None;
        self.ends.take().and_then(|(a, b)| TimeRange::between(a, b)).map_or(Outcome::Unchanged, Outcome::Commit)
    }

    /// A double click: commits the selection, or the bucket under the pointer.
    pub fn commit_at(&mut self, at: EpochMs) -> Outcome {
        if self.selection().is_none_or(|selection| !selection.contains(at)) {
            self.sweep(at, at);
        }
        self.commit()
    }

    /// Escape.
    pub fn clear(&mut self) -> Outcome {
        self.drag = None;
        match self.ends.take() {
            Some(_) => Outcome::Preview(None),
            None => Outcome::Unchanged,
        }
    }

    fn changed_from(&self, before: Option<TimeRange>) -> Outcome {
        let now = self.selection();
        if now == before { Outcome::Unchanged } else { Outcome::Preview(now) }
    }

    /// Selects whole buckets from `anchor` to `head`, keeping the direction.
    fn sweep(&mut self, anchor: EpochMs, head: EpochMs) {
        let (low, high) = (anchor.min(head), anchor.max(head));
        let from = self.step.floor(low, self.offset_ms);
        let mut to = self.step.ceil(high, self.offset_ms);
        if to == from {
            to = self.step.next(from, self.offset_ms);
        }
        if anchor <= head { self.set(from, to) } else { self.set(to, from) }
    }

    fn carry(&mut self, selection: TimeRange, to: EpochMs) {
        let length = selection.millis();
        let from = to.0.clamp(self.bounds.from.0, (self.bounds.to.0 - length).max(self.bounds.from.0));
        let (from, to) = (EpochMs(from), EpochMs(from + length));
        let reversed = self.ends.is_some_and(|(anchor, head)| head < anchor);
        if reversed { self.set(to, from) } else { self.set(from, to) }
    }

    fn set(&mut self, anchor: EpochMs, head: EpochMs) {
        let (anchor, head) = (self.inside(anchor), self.inside(head));
        if anchor != head {
            self.ends = Some((anchor, head));
            self.cursor = anchor.min(head);
        }
    }

    fn inside(&self, at: EpochMs) -> EpochMs {
        at.clamp(self.bounds.from, self.bounds.to)
    }

    fn advance(&self, mut at: EpochMs, steps: i64) -> EpochMs {
        for _ in 0..steps.unsigned_abs() {
            at = match steps > 0 {
                true => self.step.next(at, self.offset_ms),
                false => self.step.before(at, self.offset_ms),
            };
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::chart::Frame;

    const STEP: i64 = 1_000;

    fn range(from: i64, to: i64) -> TimeRange {
        TimeRange { from: EpochMs(from), to: EpochMs(to) }
    }

    fn brush() -> Brush {
        Brush::new(range(500, 10_500), Step::Fixed(STEP), 0)
    }

    fn swept(from: i64, to: i64) -> Brush {
        let mut brush = brush();
        brush.press(EpochMs(from), Grip::Outside);
        brush.drag_to(EpochMs(to));
        brush.release();
        brush
    }

    #[test]
    fn dragging_selects_whole_buckets_in_either_direction() {
        let mut brush = brush();
        brush.press(EpochMs(2_300), Grip::Outside);
        assert_eq!(brush.drag_to(EpochMs(4_100)), Outcome::Preview(Some(range(2_000, 5_000))));
        assert_eq!(brush.drag_to(EpochMs(4_900)), Outcome::Unchanged);
        assert_eq!(brush.drag_to(EpochMs(900)), Outcome::Preview(Some(range(500, 3_000))));
        assert_eq!(brush.release(), Outcome::Unchanged);
        assert_eq!(brush.commit(), Outcome::Commit(range(500, 3_000)));
        assert_eq!(brush.selection(), None);
    }

    #[test]
    fn edges_adjust_and_the_body_moves() {
        let scale = TimeScale::new(range(500, 10_500), &Frame { left: 0.0, top: 0.0, width: 1_000.0, height: 10.0 });
        let mut brush = swept(2_000, 5_000);
        let grips = [100.0, 148.0, 154.0, 300.0, 447.0, 453.0, 700.0].map(|x| brush.grip(x, 6.0, &scale));
        assert_eq!(grips, [Grip::Outside, Grip::From, Grip::From, Grip::Body, Grip::To, Grip::To, Grip::Outside]);
        brush.press(EpochMs(5_000), Grip::To);
        assert_eq!(brush.drag_to(EpochMs(7_500)), Outcome::Preview(Some(range(2_000, 8_000))));
        brush.release();
        brush.press(EpochMs(2_000), Grip::From);
        assert_eq!(brush.drag_to(EpochMs(9_900)), Outcome::Preview(Some(range(8_000, 10_000))));
        brush.release();
        brush.press(EpochMs(9_000), Grip::Body);
        assert_eq!(brush.drag_to(EpochMs(4_000)), Outcome::Preview(Some(range(3_000, 5_000))));
        assert_eq!(brush.drag_to(EpochMs(-9_000)), Outcome::Preview(Some(range(500, 2_500))));
    }

    #[test]
    fn a_click_beside_the_selection_clears_it() {
        let mut brush = swept(2_000, 5_000);
        brush.press(EpochMs(8_000), Grip::Outside);
        assert_eq!(brush.release(), Outcome::Preview(None));
        let mut held = swept(2_000, 5_000);
        held.press(EpochMs(3_000), Grip::Body);
        assert_eq!(held.release(), Outcome::Unchanged);
        assert_eq!(held.selection(), Some(range(2_000, 5_000)));
    }

    #[test]
    fn keys_move_select_and_grow() {
        let mut brush = brush();
        assert_eq!(brush.nudge(3, Nudge::Move), Outcome::Unchanged);
        assert_eq!(brush.cursor(), EpochMs(3_000));
        assert_eq!(brush.nudge(1, Nudge::Head), Outcome::Preview(Some(range(3_000, 4_000))));
        assert_eq!(brush.nudge(1, Nudge::Head), Outcome::Preview(Some(range(3_000, 5_000))));
        assert_eq!(brush.nudge(-1, Nudge::Tail), Outcome::Preview(Some(range(2_000, 5_000))));
        assert_eq!(brush.nudge(2, Nudge::Move), Outcome::Preview(Some(range(4_000, 7_000))));
        assert_eq!(brush.nudge(99, Nudge::Move), Outcome::Preview(Some(range(7_500, 10_500))));
        assert_eq!(brush.clear(), Outcome::Preview(None));
        assert_eq!(brush.clear(), Outcome::Unchanged);
        assert_eq!(brush.jump(true, Nudge::Move), Outcome::Unchanged);
        assert_eq!(brush.nudge(-1, Nudge::Head), Outcome::Preview(Some(range(10_000, 10_500))));
        assert_eq!(brush.jump(false, Nudge::Head), Outcome::Preview(Some(range(500, 10_500))));
    }

    #[test]
    fn double_clicks_commit() {
        let mut selected = swept(2_000, 5_000);
        assert_eq!(selected.commit_at(EpochMs(3_000)), Outcome::Commit(range(2_000, 5_000)));
        assert_eq!(brush().commit_at(EpochMs(7_700)), Outcome::Commit(range(7_000, 8_000)));
        assert_eq!(brush().commit(), Outcome::Unchanged);
    }

    #[test]
    fn a_selection_survives_new_buckets_and_wider_bounds() {
        let mut brush = swept(2_000, 5_000);
        let mut reshape = |from| {
            let outcome = brush.reshape(range(from, 20_000), Step::Fixed(5_000), 0);
            (outcome, brush.selection())
        };
        let (kept, cut) = (range(2_000, 5_000), range(3_000, 5_000));
        assert_eq!(reshape(0), (Outcome::Unchanged, Some(kept)));
        assert_eq!(reshape(3_000), (Outcome::Preview(Some(cut)), Some(cut)));
        assert_eq!(reshape(9_000), (Outcome::Preview(None), None), "nothing stays filtered by what nobody sees");
    }
}
