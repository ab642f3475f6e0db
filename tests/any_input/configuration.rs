//! Any text as configuration that was dropped along: metric filters, alarms, templates, plans, account lists.

use trailscope::configuration::{account_names, read};
use trailscope::deploy::{Alarms, CompositeEntry, Entry, Format, FormulaEntry, write};
use trailscope::model::attachment::{Attachment, AttachmentKind};

/// What is read is named, and what of it can be deployed is written and read back as the same.
pub fn any_configuration(json: &str) {
    const KINDS: [AttachmentKind; 5] = [
        AttachmentKind::MetricFilters,
        AttachmentKind::Alarms,
        AttachmentKind::CloudFormation,
        AttachmentKind::Terraform,
        AttachmentKind::Accounts,
    ];
    let attachment = |kind, json: &str| Attachment { kind, path: "f.json".into(), json: json.into(), whole: true };
    for kind in KINDS {
        let found = read(&[attachment(kind, json)]);
        for backtest in found.formulas.iter().take(20) {
            let formulas = vec![FormulaEntry { name: "f", backtest }];
            let output = write(&Alarms { formulas, ..Alarms::default() }, Format::Json);
            let kinds = [AttachmentKind::MetricFilters, AttachmentKind::Alarms];
            let again = read(&kinds.map(|kind| attachment(kind, &output.text)));
            assert_eq!(again.formulas.len(), usize::from(!output.text.is_empty()), "{:?}", output.notes);
        }
        assert!(found.notes.iter().all(|note| !note.message.is_empty()));
        for deployed in found.backtests.iter().take(20) {
            let backtests = vec![Entry { name: &deployed.name, backtest: &deployed.backtest }];
            let output = write(&Alarms { backtests, ..Alarms::default() }, Format::Json);
            if output.text.is_empty() {
                assert!(!output.notes.is_empty(), "{deployed:?}");
                continue;
            }
            let kinds = [AttachmentKind::MetricFilters, AttachmentKind::Alarms];
            let again = read(&kinds.map(|kind| attachment(kind, &output.text)));
            assert_eq!(again.backtests.len(), 1, "{again:?}");
            let metric = |backtest: &trailscope::model::alarm::Backtest| {
                let metric = backtest.filter.metric_transformations[0].clone();
                (metric.metric_value, metric.default_value, metric.dimensions, metric.unit)
            };
            let (before, after) = (&deployed.backtest, &again.backtests[0].backtest);
            assert_eq!(after.filter.filter_pattern, before.filter.filter_pattern);
            assert_eq!(metric(after), metric(before));
            assert_eq!(after.alarm.threshold, before.alarm.threshold);
            assert_eq!(after.alarm.statistic(), before.alarm.statistic());
        }
    }
    for kind in KINDS {
        for alarm in read(&[attachment(kind, json)]).composites.iter().take(20) {
            let composites = vec![CompositeEntry { name: &alarm.alarm_name, alarm }];
            let output = write(&Alarms { composites, ..Alarms::default() }, Format::Json);
            if !output.text.is_empty() {
                assert_eq!(
                    read(&[attachment(AttachmentKind::Alarms, &output.text)]).composites,
                    std::slice::from_ref(alarm)
                );
            }
        }
    }
    account_names(&[attachment(AttachmentKind::Accounts, json)]);
}
