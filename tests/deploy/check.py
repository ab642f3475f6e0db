"""Gives what Trailscope writes to deploy to the tools it is written for.

    check.py FOLDER    the files of the tests `write_files` in tests/deploy.rs and tests/rule_configuration.rs

CloudFormation: cfn-lint (the emulator knows no stacks of these resources). Terraform: a parser of HCL. AWS CLI: the script
is run by a shell with the real AWS CLI against an emulator of AWS (moto), and what that then has is read back; composite
alarms and mute rules, which it does not know, are only held to the CLI's model of the API. Whatever they make of it must be what the plain JSON says.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3
import hcl2
import yaml
from moto.server import ThreadedMotoServer

BIN = Path(sys.executable).parent
LOG_GROUP = "trail-log-group"
ACCOUNT = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


def same(what, found, expected):
    if found != expected:
        for key in sorted(set(found) | set(expected)):
            if found.get(key) != expected.get(key):
                print(f"{what}: {key}\n  found    {found.get(key)!r}\n  expected {expected.get(key)!r}")
        sys.exit(1)


def defaults(alarm):
    """An alarm with what AWS fills in where a document says nothing."""
    empty = {"ActionsEnabled": True, "AlarmActions": [], "OKActions": [], "InsufficientDataActions": [], "Dimensions": []}
    return {**empty, **alarm}


def composite_defaults(alarm):
    """The same of a composite alarm."""
    empty = {"ActionsEnabled": True, "AlarmActions": [], "OKActions": [], "InsufficientDataActions": []}
    return {**empty, **alarm}


def pick(found, expected):
    """The members of `found` that are settings, not what AWS adds to them."""
    return {key: found[key] for key in found if key in expected}


def read_back(endpoint, expected):
    what = "alarms.sh"
    logs = boto3.client("logs", endpoint_url=endpoint)
    filters = {item["filterName"]: item for item in logs.describe_metric_filters()["metricFilters"]}
    for item in expected["metricFilters"]:
        same(what, pick(filters[item["filterName"]], item), item)
    alarms = boto3.client("cloudwatch", endpoint_url=endpoint).describe_alarms()["MetricAlarms"]
    alarms = {item["AlarmName"]: item for item in alarms}
    for alarm in alarms.values():
        for part in alarm.get("Metrics", []):
            # What was given without dimensions comes back with none.
            metric = part.get("MetricStat", {}).get("Metric", {})
            if metric.get("Dimensions") == []:
                del metric["Dimensions"]
    for item in map(defaults, expected["MetricAlarms"]):
        same(what, pick(alarms[item["AlarmName"]], item), item)
    assert (len(filters), len(alarms)) == (len(expected["metricFilters"]), len(expected["MetricAlarms"])), what
    print(f"{what}: {len(filters)} metric filters and {len(alarms)} alarms created and read back")


def read_rules_back(endpoint, expected):
    what = "rules.sh"
    events = boto3.client("events", endpoint_url=endpoint)
    for rule in expected["Rules"]:
        found = events.describe_rule(Name=rule["Name"])
        settings = {key: value for key, value in rule.items() if key not in ("Targets", "EventPattern")}
        same(what, pick(found, settings), settings)
        assert json.loads(found["EventPattern"]) == json.loads(rule["EventPattern"]), rule["Name"]
        targets = {target["Id"]: target for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]}
        assert targets.keys() == {target["Id"] for target in rule.get("Targets", [])}, rule["Name"]
        for target in rule.get("Targets", []):
            same(what, pick(targets[target["Id"]], target), target)
    print(f"{what}: {len(expected['Rules'])} rules created and read back")


def cloudformation(folder, stem):
    names = (f"{stem}.yaml", f"{stem}.template.json")
    for name in names:
        lint = [BIN / "cfn-lint", "--regions", "us-east-1", "--", folder / name]
        result = subprocess.run(lint, capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"cfn-lint on {name}:\n{result.stdout}{result.stderr}")
    # The tests hold the JSON template to the plain JSON.
    first, second = (yaml.safe_load((folder / name).read_text(encoding="utf-8")) for name in names)
    same(names[0], first, second)
    print(f"{' and '.join(names)}: {len(first['Resources'])} resources without a remark")


# The emulator knows no composite alarms and no mute rules: the real CLI holds them to its model of the API and sends nothing.
SHIM = """#!/bin/sh
case "$2" in
put-composite-alarm|put-alarm-mute-rule)
  printf '%s\\n' "$4" >> "$GIVEN/$2"
  exec "$REAL_AWS" "$@" --generate-cli-skeleton output > /dev/null
  ;;
*) exec "$REAL_AWS" "$@" ;;
esac
"""


def given(path):
    """The documents in a file, one behind the other."""
    rest, found = path.read_text(encoding="utf-8").strip(), []
    while rest:
        document, end = json.JSONDecoder().raw_decode(rest)
        found.append(document)
        rest = rest[end:].lstrip()
    return found


def command_line(folder, expected, rules):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        boto3.client("logs", endpoint_url=endpoint).create_log_group(logGroupName=LOG_GROUP)
        env = {**os.environ, "AWS_ENDPOINT_URL": endpoint, "LOG_GROUP": LOG_GROUP, "PATH": f"{BIN}:{os.environ['PATH']}"}
        with tempfile.TemporaryDirectory() as shims:
            shim = Path(shims) / "aws"
            shim.write_text(SHIM)
            shim.chmod(0o755)
            more = {"PATH": f"{shims}:{env['PATH']}", "REAL_AWS": str(BIN / "aws"), "GIVEN": shims}
            subprocess.run(["sh", folder / "alarms.sh"], env={**env, **more}, check=True)
            for command, key in [("put-composite-alarm", "CompositeAlarms"), ("put-alarm-mute-rule", "AlarmMuteRules")]:
                assert given(Path(shims) / command) == expected[key], f"alarms.sh: {key}"
                print(f"alarms.sh: {len(expected[key])} times {command}, accepted by the AWS CLI")
        read_back(endpoint, expected)
        subprocess.run(["sh", folder / "rules.sh"], env=env, check=True, stdout=subprocess.DEVNULL)
        read_rules_back(endpoint, rules)
    finally:
        server.stop()


def text(value):
    """A string of HCL as its value: the parser leaves quotes and escapes in place."""
    return json.loads(value).replace("$${", "${").replace("%%{", "%{")


def query(block, filters):
    """A metric_query as a MetricDataQuery; references to filters are followed."""
    found = {"Id": text(block["id"]), "ReturnData": block["return_data"]}
    for theirs, ours in [("label", "Label"), ("expression", "Expression")]:
        if theirs in block:
            found[ours] = text(block[theirs])
    for metric in block.get("metric", []):
        named = {}
        for theirs, ours in [("namespace", "Namespace"), ("metric_name", "MetricName")]:
            reference = metric[theirs].removeprefix("${").removesuffix("}").split(".")
            transformation = filters[reference[1]]["metric_transformation"][0]
            named[ours] = text(transformation[reference[-1]])
        dimensions = [{"Name": text(name), "Value": text(value)} for name, value in metric.get("dimensions", {}).items()]
        if dimensions:
            named["Dimensions"] = dimensions
        found["MetricStat"] = {"Metric": named, "Period": metric["period"], "Stat": text(metric["stat"])}
    return found


def terraform(folder, expected):
    with open(folder / "alarms.tf", encoding="utf-8") as file:
        parsed = hcl2.load(file)
    blocks = {}
    for resource in parsed["resource"]:
        for kind, named in resource.items():
            for name, block in named.items():
                blocks.setdefault(text(kind), {})[text(name)] = block
    filters = blocks["aws_cloudwatch_log_metric_filter"]
    alarms = blocks["aws_cloudwatch_metric_alarm"]
    for block, item in zip(filters.values(), expected["metricFilters"], strict=True):
        metric, wanted = block["metric_transformation"][0], item["metricTransformations"][0]
        dimensions = {text(name): text(value) for name, value in metric.get("dimensions", {}).items()}
        found = {
            "filterName": text(block["name"]),
            "filterPattern": text(block["pattern"]),
            "metricTransformations": [text(metric["name"]), text(metric["namespace"]), text(metric["value"])],
            "defaultValue": metric.get("default_value"),
            "dimensions": dimensions,
        }
        names = [wanted["metricName"], wanted["metricNamespace"], wanted["metricValue"]]
        rest = {"defaultValue": wanted.get("defaultValue"), "dimensions": wanted.get("dimensions", {})}
        same("alarms.tf", found, {**item, "metricTransformations": names, **rest})
    for block, item in zip(alarms.values(), expected["MetricAlarms"], strict=True):
        dimensions = {text(name): text(value) for name, value in block.get("dimensions", {}).items()}
        found = {
            "AlarmName": text(block["alarm_name"]),
            "EvaluationPeriods": block["evaluation_periods"],
            "DatapointsToAlarm": block["datapoints_to_alarm"],
            "ComparisonOperator": text(block["comparison_operator"]),
            "TreatMissingData": text(block["treat_missing_data"]),
            "ActionsEnabled": block.get("actions_enabled", True),
            "AlarmActions": [text(arn) for arn in block.get("alarm_actions", [])],
            "OKActions": [text(arn) for arn in block.get("ok_actions", [])],
            "InsufficientDataActions": [text(arn) for arn in block.get("insufficient_data_actions", [])],
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
        }
        for theirs, ours in [
            ("alarm_description", "AlarmDescription"),
            ("statistic", "Statistic"),
            ("extended_statistic", "ExtendedStatistic"),
            ("unit", "Unit"),
            ("evaluate_low_sample_count_percentiles", "EvaluateLowSampleCountPercentile"),
            ("threshold_metric_id", "ThresholdMetricId"),
        ]:
            if theirs in block:
                found[ours] = text(block[theirs])
        for theirs, ours in [("period", "Period"), ("threshold", "Threshold")]:
            if theirs in block:
                found[ours] = block[theirs]
        wanted = defaults(item)
        for key in ("Namespace", "MetricName"):
            wanted.pop(key, None)
        if "metric_query" in block:
            found["Metrics"] = [query(one, filters) for one in block["metric_query"]]
        same("alarms.tf", found, wanted)
    composites = blocks["aws_cloudwatch_composite_alarm"]
    for block, item in zip(composites.values(), expected["CompositeAlarms"], strict=True):
        found = {
            "AlarmName": text(block["alarm_name"]),
            "AlarmRule": text(block["alarm_rule"]),
            "ActionsEnabled": block.get("actions_enabled", True),
            "AlarmActions": [text(arn) for arn in block.get("alarm_actions", [])],
            "OKActions": [text(arn) for arn in block.get("ok_actions", [])],
            "InsufficientDataActions": [text(arn) for arn in block.get("insufficient_data_actions", [])],
        }
        if "alarm_description" in block:
            found["AlarmDescription"] = text(block["alarm_description"])
        for suppressor in block.get("actions_suppressor", []):
            found["ActionsSuppressor"] = text(suppressor["alarm"])
            found["ActionsSuppressorWaitPeriod"] = suppressor["wait_period"]
            found["ActionsSuppressorExtensionPeriod"] = suppressor["extension_period"]
        assert block["depends_on"], "alarms.tf: nothing to wait for"
        same("alarms.tf", found, composite_defaults(item))
    print(f"alarms.tf: {len(composites)} composite alarms parsed")
    mutes = blocks["aws_cloudwatch_alarm_mute_rule"]
    for block, item in zip(mutes.values(), expected["AlarmMuteRules"], strict=True):
        schedule, targets = block["rule"][0]["schedule"][0], block["mute_targets"][0]
        words = {"expression": "Expression", "duration": "Duration", "timezone": "Timezone"}
        found = {
            "Name": text(block["name"]),
            "Rule": {"Schedule": {ours: text(schedule[theirs]) for theirs, ours in words.items() if theirs in schedule}},
            "MuteTargets": {"AlarmNames": [text(name) for name in targets["alarm_names"]]},
        }
        for theirs, ours in [("description", "Description"), ("start_date", "StartDate"), ("expire_date", "ExpireDate")]:
            if theirs in block:
                found[ours] = text(block[theirs])
        assert block["depends_on"], "alarms.tf: nothing to wait for"
        same("alarms.tf", found, item)
    print(f"alarms.tf: {len(mutes)} mute rules parsed")
    print(f"alarms.tf: {len(filters)} metric filters and {len(alarms)} alarms parsed")


def terraform_rules(folder, expected):
    with open(folder / "rules.tf", encoding="utf-8") as file:
        parsed = hcl2.load(file)
    rules, targets = {}, {}
    for resource in parsed["resource"]:
        for kind, named in resource.items():
            for block in named.values():
                if text(kind) == "aws_cloudwatch_event_rule":
                    rules[text(block["name"])] = block
                else:
                    targets.setdefault(block["rule"], []).append(block)
    for rule in expected["Rules"]:
        block = rules[rule["Name"]]
        assert json.loads(text(block["event_pattern"])) == json.loads(rule["EventPattern"]), rule["Name"]
        state = text(block["state"]) if "state" in block else "ENABLED"
        assert state == rule["State"], rule["Name"]
    wanted = [target for rule in expected["Rules"] for target in rule.get("Targets", [])]
    found = [block for blocks in targets.values() for block in blocks]
    assert [text(block["target_id"]) for block in found] == [target["Id"] for target in wanted]
    for block, target in zip(found, wanted, strict=True):
        assert text(block["arn"]) == target["Arn"]
        if "InputTransformer" in target:
            transformer = block["input_transformer"][0]
            assert text(transformer["input_template"]) == target["InputTransformer"]["InputTemplate"]
    print(f"rules.tf: {len(rules)} rules and {len(found)} targets parsed")


def main(folder):
    os.environ.update(ACCOUNT)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    expected = json.loads((folder / "alarms.json").read_text())
    rules = json.loads((folder / "rules.json").read_text())
    terraform(folder, expected)
    terraform_rules(folder, rules)
    cloudformation(folder, "alarms")
    cloudformation(folder, "rules")
    command_line(folder, expected, rules)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
