//! The company's everyday events, one record after the other.

use super::company::{ACTORS, Actor, GLOBAL_REGION, Operation, REGIONS, Region};
use super::event::Scene;
use super::layout::{Author, Moment};
use super::random::Random;

/// Writes what the company does on any day.
pub(super) struct Diary;

impl Author for Diary {
    fn regions(&self) -> &'static [Region] {
        REGIONS
    }

    fn open(&mut self) {}

    fn write(&mut self, moment: &Moment, random: &mut Random, out: &mut String) {
        let weights: Vec<f64> = ACTORS.iter().map(|actor| actor.activity(moment.time)).collect();
        let (actor, operation) = loop {
            let actor: &Actor = &ACTORS[random.weighted(&weights)];
            let operation: &Operation = random.pick_by(actor.operations, |operation| f64::from(operation.weight));
            let region = if operation.is_global() { GLOBAL_REGION } else { actor.region(random) };
            // Somebody works in each Region at any time.
            if region == moment.region {
                break (actor, operation);
            }
        };
        out.push_str(&Scene::new(random, moment.time, moment.region).everyday(actor, operation));
    }
}
