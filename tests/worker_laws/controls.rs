//! The control pack over events: one question answers for all patterns what each would answer by itself, from any number
//! of workers.

use crate::hall::Hall;
use trailscope::controls as pack;
use trailscope::controls::history::histories;
use trailscope::model::matches::MatchesPart;
use trailscope::model::metric::{MetricFilter, MetricTransformation};
use trailscope::model::partial::{CountPart, SeriesPart};
use trailscope::model::query::{Answer, Query, Scope};
use trailscope::sample;
use trailscope::worker::pool::merged;

fn sample_files() -> Vec<(String, Vec<u8>)> {
    sample::builtin().map(|file| (file.path, file.bytes)).collect()
}

fn patterns() -> Vec<String> {
    pack::all().iter().map(|control| control.pattern().to_owned()).collect()
}

fn matches(hall: &mut Hall, keep_duplicates: bool, shown: u32) -> MatchesPart {
    let answers = hall.ask(Query::Matches { patterns: patterns(), keep_duplicates, shown }, None);
    merged(answers, |answer| if let Answer::Matches(part) = answer { Some(part) } else { None })
}

#[test]
fn one_question_answers_what_each_pattern_would_by_itself() {
    let mut hall = Hall::loaded(2, 5, &sample_files());
    let all = matches(&mut hall, false, 3);
    assert_eq!(all.patterns.len(), 15);
    assert!(all.patterns.iter().filter(|found| found.events > 0).count() >= 5, "the sample has an incident");
    for (pattern, found) in patterns().into_iter().zip(&all.patterns) {
        let scope = Scope { pattern: pattern.clone(), ..Scope::default() };
        let count: CountPart = merged(hall.ask(Query::Count(scope), None), |answer| {
            if let Answer::Count(part) = answer { Some(part) } else { None }
        });
        assert_eq!(found.events, count.matched, "{pattern}");
        let filter = MetricFilter {
            filter_pattern: pattern.clone(),
            metric_transformations: vec![MetricTransformation::default()],
            ..MetricFilter::default()
        };
        let series: SeriesPart = merged(hall.ask(Query::Series { filter, keep_duplicates: false }, None), |answer| {
            if let Answer::Series(part) = answer { Some(part) } else { None }
        });
        assert_eq!(found.minutes, series.matched_minutes, "{pattern}");
        assert_eq!(all.log_minutes, series.log_minutes);
        assert_eq!(found.earliest.len() as u64, found.events.min(3), "{pattern}");
        assert_eq!(found.earliest.first().map(|(time, _)| *time), found.first, "{pattern}");
        assert!(found.earliest.is_sorted() && found.earliest.iter().all(|(_, id)| !id.is_empty()));
    }
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_workers() {
    let files = sample_files();
    let one = matches(&mut Hall::loaded(1, 3, &files), false, 10);
    for workers in [2, 3] {
        assert_eq!(matches(&mut Hall::loaded(workers, 7, &files), false, 10), one, "{workers} workers");
    }
    let fires: usize = histories(one).map(|history| history.timeline.fires()).sum();
    assert!(fires > 0);
}

#[test]
fn copies_count_only_when_they_are_kept() {
    let files = sample_files();
    let twice: Vec<_> = files
        .iter()
        .cloned()
        .chain(files.iter().map(|(path, bytes)| (format!("copy/{path}"), bytes.clone())))
        .collect();
    let mut hall = Hall::loaded(2, 5, &twice);
    let (alone, kept) = (matches(&mut hall, false, 0), matches(&mut hall, true, 0));
    assert_eq!(alone, matches(&mut Hall::loaded(1, 5, &files), false, 0));
    for (once, both) in alone.patterns.iter().zip(&kept.patterns) {
        assert_eq!(once.events * 2, both.events);
    }
}
