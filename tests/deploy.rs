//! What is written to deploy: complete, quoted for its language, and the same alarm whatever it is written as.
//!
//! `tests/deploy/check.py` gives the files of [`write_files`] to cfn-lint, a parser of HCL and an emulator of AWS.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::path::PathBuf;
use trailscope::deploy::{Alarms, CompositeEntry, Entry, Format, FormulaEntry, write};
use trailscope::model::alarm::{
    Backtest, ComparisonOperator, Dimension, LowSampleCountPercentile, MathBacktest, MetricAlarm, TreatMissingData,
};
use trailscope::model::composite::{AlarmMuteRule, CompositeAlarm, MuteSchedule, MuteTargets, Schedule};
use trailscope::model::metric::{MetricFilter, MetricTransformation};
use trailscope::model::metric_data::MetricDataQuery;
use trailscope::view::formula::{band_on, share_of_errors};
use trailscope::view::presets::PRESETS;

/// Text that would be something else in every language written.
const HOSTILE: &str = "'; rm -rf / #\n\"${var.x} %{ if true } $(id) `id` \\ : - {{ }} \u{85}\u{2028}é";

/// Every setting there is.
fn full() -> Backtest {
    Backtest {
        filter: MetricFilter {
            filter_name: "Refused bytes".into(),
            filter_pattern:
                r#"{ $.errorCode = "Access'Denied*" && $.userAgent = "${x} %{y}" && $.bytes > 0 && $.region = * }"#
                    .into(),
            metric_transformations: vec![MetricTransformation {
                metric_name: "Refused".into(),
                metric_namespace: "Our/Trail".into(),
                metric_value: "$.bytes".into(),
                default_value: None,
                dimensions: [("Region".to_owned(), "$.region".to_owned())].into(),
                unit: Some("Bytes".into()),
            }],
        },
        alarm: MetricAlarm {
            alarm_name: "Refused".into(),
            alarm_description: Some(HOSTILE.into()),
            actions_enabled: false,
            alarm_actions: vec!["arn:aws:sns:eu-central-1:111122223333:security".into()],
            ok_actions: vec!["arn:aws:sns:eu-central-1:111122223333:calm".into()],
            insufficient_data_actions: vec!["arn:aws:sns:eu-central-1:111122223333:silence".into()],
            dimensions: vec![Dimension { name: "Region".into(), value: "eu-central-1".into() }],
            unit: Some("Bytes".into()),
            statistic: None,
            extended_statistic: Some("p99.5".parse().unwrap()),
            metrics: Vec::new(),
            threshold_metric_id: None,
            period: 600,
            evaluation_periods: 5,
            datapoints_to_alarm: Some(3),
            threshold: 1234.5,
            comparison_operator: ComparisonOperator::LessThanOrEqualToThreshold,
            treat_missing_data: TreatMissingData::Ignore,
            evaluate_low_sample_count_percentile: LowSampleCountPercentile::Ignore,
        },
    }
}

/// The presets as they are added to the list, the full one, and one without a name of its own but a hostile one.
fn all() -> Vec<(String, Backtest)> {
    let mut list: Vec<_> = PRESETS.iter().map(|preset| (preset.title.to_owned(), preset.backtest())).collect();
    list.push(("Full".into(), full()));
    let mut nameless = Backtest::default();
    nameless.filter.filter_pattern = "ERROR".into();
    nameless.filter.metric_transformations =
        vec![MetricTransformation { default_value: Some(0.0), ..Default::default() }];
    list.push((HOSTILE.replace(['\n', '\u{85}', '\u{2028}'], " "), nameless));
    list
}

/// A share with every setting there is, the band of a metric that another alarm is on, and one without names.
fn formulas() -> Vec<(String, MathBacktest)> {
    let mut share = share_of_errors();
    share.alarm.alarm_name = "Share".into();
    share.alarm.alarm_description = Some(HOSTILE.into());
    share.alarm.alarm_actions = vec!["arn:aws:sns:eu-central-1:111122223333:security".into()];
    share.alarm.metrics[2].label = Some(HOSTILE.into());
    let mut band = band_on(&full());
    band.alarm.alarm_name = "Band".into();
    let mut nameless = share_of_errors();
    for filter in &mut nameless.metric_filters {
        filter.filter_name.clear();
        filter.metric_transformations[0].metric_name.clear();
    }
    nameless.alarm.metrics[2].expression = Some("IF(m2 > 10, m1 / m2, 0)".into());
    vec![("Share".into(), share), ("Band".into(), band), ("Nameless".into(), nameless)]
}

/// A composite alarm with every setting there is, and one that depends on it; the dependent one comes first.
fn composites() -> Vec<CompositeAlarm> {
    let inner = CompositeAlarm {
        alarm_name: "Inner".into(),
        alarm_description: Some(HOSTILE.into()),
        alarm_rule: "AT_LEAST(1, ALARM, (Refused)) OR NOT OK(Refused)".into(),
        actions_enabled: false,
        alarm_actions: vec!["arn:aws:sns:eu-central-1:111122223333:security".into()],
        ok_actions: vec!["arn:aws:sns:eu-central-1:111122223333:calm".into()],
        insufficient_data_actions: vec!["arn:aws:sns:eu-central-1:111122223333:silence".into()],
        actions_suppressor: Some("Refused".into()),
        actions_suppressor_wait_period: Some(60),
        actions_suppressor_extension_period: Some(120),
    };
    let outer = CompositeAlarm {
        alarm_name: "Outer".into(),
        alarm_rule: "ALARM(Inner) AND ALARM(Refused) AND NOT ALARM(Share)".into(),
        ..CompositeAlarm::default()
    };
    vec![outer, inner]
}

/// A mute rule with every setting there is, and one that mutes once.
fn mutes() -> Vec<AlarmMuteRule> {
    let full = AlarmMuteRule {
        name: "Maintenance".into(),
        description: Some(HOSTILE.into()),
        rule: MuteSchedule {
            schedule: Schedule {
                expression: "cron(0 2 * * SUN)".into(),
                duration: "PT4H".into(),
                timezone: Some("Europe/Berlin".into()),
            },
        },
        mute_targets: MuteTargets { alarm_names: vec!["Refused".into(), "Outer".into()] },
        start_date: Some("2026-01-01T00:00:00Z".into()),
        expire_date: Some("2027-01-01T00:00:00Z".into()),
    };
    let once = AlarmMuteRule {
        name: "Migration".into(),
        rule: MuteSchedule {
            schedule: Schedule { expression: "at(2026-12-23T00:00)".into(), duration: "P2D".into(), timezone: None },
        },
        mute_targets: MuteTargets { alarm_names: vec!["Share".into()] },
        ..AlarmMuteRule::default()
    };
    vec![full, once]
}

fn written(list: &[(String, Backtest)], format: Format) -> String {
    let (formulas, composites, mutes) = (formulas(), composites(), mutes());
    let alarms = Alarms {
        backtests: list.iter().map(|(name, backtest)| Entry { name, backtest }).collect(),
        formulas: formulas.iter().map(|(name, backtest)| FormulaEntry { name, backtest }).collect(),
        composites: composites.iter().map(|alarm| CompositeEntry { name: &alarm.alarm_name, alarm }).collect(),
        mutes: &mutes,
    };
    let output = write(&alarms, format);
    assert_eq!(output.notes, [""; 0]);
    output.text
}

#[test]
fn plain_json_is_the_configuration_itself() {
    let list = all();
    let document: Value = serde_json::from_str(&written(&list, Format::Json)).unwrap();
    for (at, (_, backtest)) in list.iter().enumerate() {
        let mut filter = document["metricFilters"][at].clone();
        let mut alarm = document["MetricAlarms"][at].clone();
        // What has no name was given one.
        for (object, key, own) in [
            (&mut filter, "filterName", &backtest.filter.filter_name),
            (&mut alarm, "AlarmName", &backtest.alarm.alarm_name),
        ] {
            assert!(!object[key].as_str().unwrap().is_empty());
            if own.is_empty() {
                object[key] = "".into();
            }
        }
        let metric = &mut filter["metricTransformations"][0];
        for (key, own) in [
            ("metricName", &backtest.filter.metric_transformations[0].metric_name),
            ("metricNamespace", &backtest.filter.metric_transformations[0].metric_namespace),
        ] {
            assert_eq!(metric[key], alarm[if key == "metricName" { "MetricName" } else { "Namespace" }]);
            if own.is_empty() {
                metric[key] = "".into();
            }
        }
        assert_eq!(serde_json::from_value::<MetricFilter>(filter).unwrap(), backtest.filter);
        assert_eq!(serde_json::from_value::<MetricAlarm>(alarm).unwrap(), backtest.alarm);
    }
    // A filter that is written for another alarm comes once.
    let filters: Vec<&str> =
        document["metricFilters"].as_array().unwrap().iter().map(|item| item["filterName"].as_str().unwrap()).collect();
    assert_eq!(filters[list.len()..], ["FailedCalls", "AllCalls", "Nameless m1", "Nameless m2"]);
    for (alarm, (_, backtest)) in document["MetricAlarms"].as_array().unwrap()[list.len()..].iter().zip(formulas()) {
        let found: MetricAlarm = serde_json::from_value(alarm.clone()).unwrap();
        assert_eq!(
            (found.alarm_name.is_empty(), found.threshold_metric_id),
            (false, backtest.alarm.threshold_metric_id)
        );
        let parts = |query: &MetricDataQuery| {
            let stat = query.metric_stat.as_ref().map(|stat| (stat.period, stat.stat, stat.metric.dimensions.clone()));
            (query.id.clone(), query.expression.clone(), query.label.clone(), query.return_data, stat)
        };
        let expected: Vec<_> = backtest.alarm.metrics.iter().map(parts).collect();
        assert_eq!(found.metrics.iter().map(parts).collect::<Vec<_>>(), expected);
        let mut metrics = found.metrics.iter().filter_map(|query| query.metric_stat.as_ref());
        assert!(metrics.all(|stat| !stat.metric.metric_name.is_empty() && !stat.metric.namespace.is_empty()));
    }
    // What others depend on comes first.
    let found: Vec<CompositeAlarm> = serde_json::from_value(document["CompositeAlarms"].clone()).unwrap();
    assert_eq!(found.iter().rev().cloned().collect::<Vec<_>>(), composites());
    assert_eq!(serde_json::from_value::<Vec<AlarmMuteRule>>(document["AlarmMuteRules"].clone()).unwrap(), mutes());
}

#[test]
fn a_template_refers_to_the_log_group_and_holds_the_same() {
    let list = all();
    let template: Value = serde_json::from_str(&written(&list, Format::CloudFormationJson)).unwrap();
    let plain: Value = serde_json::from_str(&written(&list, Format::Json)).unwrap();
    let resources = template["Resources"].as_object().unwrap();
    // Three alarms on formulas with four filters of their own, two composite alarms, two mute rules.
    assert_eq!(resources.len(), 2 * list.len() + 3 + 4 + 2 + 2);
    assert_eq!(resources["MaintenanceMute"]["DependsOn"], serde_json::json!(["FullAlarm", "OuterComposite"]));
    assert_eq!(resources["MaintenanceMute"]["Properties"], plain["AlarmMuteRules"][0]);
    assert_eq!(
        resources["OuterComposite"]["DependsOn"],
        serde_json::json!(["FullAlarm", "ShareAlarm", "InnerComposite"])
    );
    let of_type = |kind: &str| resources.values().filter(|resource| resource["Type"] == kind).collect::<Vec<_>>();
    for alarm in of_type("AWS::CloudWatch::Alarm") {
        assert!(plain["MetricAlarms"].as_array().unwrap().contains(&alarm["Properties"]));
    }
    for filter in of_type("AWS::Logs::MetricFilter") {
        assert_eq!(filter["Properties"]["LogGroupName"], serde_json::json!({"Ref": "LogGroupName"}));
    }
    assert_eq!(resources["FullFilter"]["Properties"]["MetricTransformations"][0]["Dimensions"][0]["Key"], "Region");
}

#[test]
fn names_come_once_and_what_is_refused_is_named() {
    let mut refused = full();
    refused.alarm.period = 45;
    let mut other = full();
    other.filter.filter_pattern = "{ $.bytes > 1 && $.region = * }".into();
    let list = [("Twice", full()), ("Twice", full()), ("Bad", refused), ("Other", other)];
    let entries: Vec<Entry> = list.iter().map(|(name, backtest)| Entry { name, backtest }).collect();
    let output = write(&Alarms { backtests: entries.clone(), ..Alarms::default() }, Format::Json);
    let document: Value = serde_json::from_str(&output.text).unwrap();
    let names = |list: &str, key: &str| -> Vec<String> {
        document[list].as_array().unwrap().iter().map(|item| item[key].as_str().unwrap().to_owned()).collect()
    };
    // One filter for both alarms: a second one would count every event again.
    assert_eq!(names("metricFilters", "filterName"), ["Refused bytes", "Refused bytes 2"]);
    assert_eq!(names("MetricAlarms", "AlarmName"), ["Refused", "Refused 2", "Refused 3"]);
    assert_eq!(output.notes.len(), 5, "{:?}", output.notes);
    assert!(output.notes[1].contains("“Bad” is left out"));
    let refused = Alarms { backtests: entries[2..3].to_vec(), ..Alarms::default() };
    assert_eq!(write(&refused, Format::Terraform).text, "");
}

/// What was backtested on one filter watches one filter.
#[test]
fn each_alarm_watches_its_own_filter() {
    let counting = |namespace: &str, pattern: &str| {
        let mut backtest = Backtest::default();
        backtest.filter.filter_pattern = pattern.into();
        let (metric_name, metric_namespace) = ("Run".into(), namespace.into());
        let metric = MetricTransformation { metric_name, metric_namespace, ..Default::default() };
        backtest.filter.metric_transformations = vec![metric];
        backtest
    };
    let list = [
        ("First", counting("", "ERROR")),
        ("Same", counting("LogMetrics", "ERROR")),
        ("Edited", counting("", "WARNING")),
        ("Edited again", counting("LogMetrics", "WARNING")),
        ("Elsewhere", counting("Other", "WARNING")),
    ];
    // A metric without a name is not given one that is taken.
    let mut nameless = counting("", "FATAL");
    nameless.filter.metric_transformations[0].metric_name.clear();
    let band = band_on(&list[2].1);
    let alarms = Alarms {
        backtests: list
            .iter()
            .map(|(name, backtest)| Entry { name, backtest })
            .chain([Entry { name: "Run", backtest: &nameless }])
            .collect(),
        formulas: vec![FormulaEntry { name: "Band", backtest: &band }],
        ..Alarms::default()
    };
    let output = write(&alarms, Format::Json);
    let document: Value = serde_json::from_str(&output.text).unwrap();
    let filters = document["metricFilters"].as_array().unwrap().iter().map(|filter| {
        let metric = &filter["metricTransformations"][0];
        (&filter["filterPattern"], &metric["metricNamespace"], &metric["metricName"])
    });
    let written: Vec<_> = filters.collect();
    let expected = [
        ("ERROR", "LogMetrics", "Run"),
        ("WARNING", "LogMetrics", "Run2"),
        ("WARNING", "Other", "Run"),
        ("FATAL", "LogMetrics", "Run3"),
    ];
    assert_eq!(serde_json::to_value(written).unwrap(), serde_json::to_value(expected).unwrap());
    let watched: Vec<_> =
        document["MetricAlarms"].as_array().unwrap().iter().map(|alarm| &alarm["MetricName"]).collect();
    assert_eq!(watched[..6], ["Run", "Run", "Run2", "Run2", "Run", "Run3"]);
    assert_eq!(document["MetricAlarms"][6]["Metrics"][0]["MetricStat"]["Metric"]["MetricName"], "Run2");
    assert_eq!(
        output.notes,
        [
            "“Edited”: another metric filter publishes the metric “Run”, and the alarm would watch the sum of both; this metric \
          becomes “Run2”"
        ]
    );
}

#[test]
fn composites_in_a_circle_are_left_out_and_missing_children_named() {
    let alarm = |name: &str, rule: &str| CompositeAlarm {
        alarm_name: name.into(),
        alarm_rule: rule.into(),
        ..CompositeAlarm::default()
    };
    let alarms = [alarm("a", "ALARM(b)"), alarm("b", "ALARM(a)"), alarm("c", "ALARM(elsewhere)"), alarm("d", "ALARM(")];
    let entries: Vec<_> = alarms.iter().map(|alarm| CompositeEntry { name: &alarm.alarm_name, alarm }).collect();
    let output = write(&Alarms { composites: entries, ..Alarms::default() }, Format::CommandLine);
    assert_eq!(output.text.matches("put-composite-alarm").count(), 1, "{}", output.text);
    assert_eq!(
        output.notes,
        [
            "“d” is left out, because CloudWatch would refuse it: expected the name or ARN of an alarm",
            "“c” is about “elsewhere”, which is not written here: it has to be there already",
            "“a” is left out: it waits for itself",
            "“b” is left out: it waits for itself",
        ]
    );
}

#[test]
fn mute_rules_come_with_the_alarms_they_mute() {
    let all = all();
    let (name, backtest) = all.iter().find(|(name, _)| name == "Full").unwrap();
    let mut rules = mutes();
    rules[0].rule.schedule.duration = "four hours".into();
    rules.push(AlarmMuteRule { name: "Both".into(), ..mutes()[0].clone() });
    rules.push(AlarmMuteRule { mute_targets: MuteTargets::default(), ..mutes()[1].clone() });
    let alarms = Alarms { backtests: vec![Entry { name, backtest }], mutes: &rules, ..Alarms::default() };
    let output = write(&alarms, Format::Json);
    let document: Value = serde_json::from_str(&output.text).unwrap();
    let written: Vec<_> = document["AlarmMuteRules"].as_array().unwrap().iter().map(|rule| &rule["Name"]).collect();
    assert_eq!(written, ["Both"]);
    assert_eq!(
        output.notes,
        [
            "“Maintenance” is left out, because CloudWatch would refuse it: “four hours” is not a duration such as PT4H or \
             P2DT12H",
            "“Both” mutes “Outer”, which is not written here: it has to be there already",
        ]
    );
}

#[test]
fn no_text_leaves_its_quotes() {
    let list = all();
    let script = written(&list, Format::CommandLine);
    // What a shell sees outside single quotes.
    let mut outside = String::new();
    for (at, piece) in script.replace(r"'\''", "").split('\'').enumerate() {
        if at % 2 == 0 {
            outside.push_str(piece);
        }
    }
    assert!(!outside.contains("rm -rf") && !outside.contains("$(id)") && !outside.contains('`'), "{outside}");
    let terraform = written(&list, Format::Terraform);
    assert_eq!(terraform.matches("${").count(), terraform.matches("$${").count());
    assert_eq!(terraform.matches("%{").count(), terraform.matches("%%{").count());
    let yaml = written(&list, Format::CloudFormationYaml);
    let is_fine = |c: char| c == '\n' || !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}');
    assert!(yaml.chars().all(is_fine) && terraform.chars().all(is_fine));
}

/// There CloudFormation would put what it finds elsewhere, such as a secret.
#[test]
fn what_cloudformation_would_resolve_is_in_no_template() {
    const REFERENCE: &str = "{{resolve:ssm:/secret}}";
    let mut by_pattern = Backtest::default();
    by_pattern.filter.filter_pattern = format!("{{ $.userAgent = \"{{{REFERENCE}\" }}");
    by_pattern.filter.metric_transformations = vec![MetricTransformation::default()];
    let mut by_description = full();
    by_description.alarm.alarm_description = Some(REFERENCE.into());
    let mut formula = share_of_errors();
    formula.alarm.metrics[2].label = Some(format!("in {REFERENCE}"));
    let composite = CompositeAlarm { alarm_rule: format!("ALARM(\"{REFERENCE}\")"), ..CompositeAlarm::default() };
    let on_left_out = CompositeAlarm { alarm_rule: "ALARM(Refused)".into(), ..CompositeAlarm::default() };
    let mut mute = mutes()[0].clone();
    mute.description = Some(REFERENCE.into());
    let plain = full();
    let entry = |name, backtest| Entry { name, backtest };
    let alarms = Alarms {
        backtests: vec![
            entry("by pattern", &by_pattern),
            entry(REFERENCE, &plain),
            entry("by description", &by_description),
            // On the same filter, which is still written.
            entry("kept", &plain),
        ],
        formulas: vec![FormulaEntry { name: "by label", backtest: &formula }],
        composites: vec![
            CompositeEntry { name: "by rule", alarm: &composite },
            CompositeEntry { name: "on it", alarm: &on_left_out },
        ],
        mutes: &[mute],
    };
    for format in [Format::CloudFormationYaml, Format::CloudFormationJson] {
        let output = write(&alarms, format);
        assert!(!output.text.contains("resolve"), "{}", output.text);
        for kept in ["keptFilter", "KeptAlarm", "OnItComposite"] {
            assert!(output.text.to_lowercase().contains(&kept.to_lowercase()), "{kept}: {}", output.text);
        }
        let left_out = output.notes.iter().filter(|note| note.contains("is left out: a text in it holds “{{resolve:”"));
        let names: Vec<&str> = left_out.filter_map(|note| note.split(['“', '”']).nth(1)).collect();
        assert_eq!(names, ["by pattern", REFERENCE, "by description", "by label", "by rule", "Maintenance"]);
    }
    for format in [Format::Terraform, Format::CommandLine, Format::Json] {
        let output = write(&alarms, format);
        assert_eq!(output.text.matches("{{resolve").count(), 5, "{}", output.text);
        assert!(output.notes.iter().all(|note| !note.contains("is left out")), "{:?}", output.notes);
    }
}

/// Where other tools find what was written.
#[test]
fn write_files() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("deploy");
    std::fs::create_dir_all(&folder).unwrap();
    for format in Format::ALL {
        std::fs::write(folder.join(format.file_name()), written(&all(), format)).unwrap();
    }
}
