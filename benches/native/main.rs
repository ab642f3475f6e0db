//! How long the parts of Trailscope take, each beside the obvious way to do the same: `make bench-native`.
//!
//! `cargo bench -- sweep` measures the groups whose name contains `sweep`. The data is the same in every run. What the
//! whole page takes is another question.

#![allow(clippy::unwrap_used)]

mod alarm;
mod data;
mod load;
mod query;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    for measure in
        [load::inflate, load::shred, load::seal, query::filter, query::group, query::metric, alarm::alarm, alarm::sweep]
    {
        measure(&mut criterion);
    }
    criterion.final_summary();
}
