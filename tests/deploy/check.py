"""Gives what Trailscope writes to deploy to the tools it is written for.

    check.py FOLDER    the files of the test `write_files` in tests/deploy.rs

CloudFormation: cfn-lint (the emulator knows no stacks of these resources). Terraform: a parser of HCL. AWS CLI: the script
is run by a shell with the real AWS CLI against an emulator of AWS (moto), and what that then has is read back. Whatever
they make of it must be what the plain JSON says.
"""

import json
import logging
import os
import subprocess
import sys
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
    for item in map(defaults, expected["MetricAlarms"]):
        same(what, pick(alarms[item["AlarmName"]], item), item)
    assert (len(filters), len(alarms)) == (len(expected["metricFilters"]), len(expected["MetricAlarms"])), what
    print(f"{what}: {len(filters)} metric filters and {len(alarms)} alarms created and read back")


def cloudformation(folder):
    names = ("alarms.yaml", "alarms.template.json")
    for name in names:
        lint = [BIN / "cfn-lint", "--regions", "us-east-1", "--", folder / name]
        result = subprocess.run(lint, capture_output=True, text=True)
        if result.returncode:
            sys.exit(f"cfn-lint on {name}:\n{result.stdout}{result.stderr}")
    # The tests hold the JSON template to the plain JSON.
    first, second = (yaml.safe_load((folder / name).read_text(encoding="utf-8")) for name in names)
    same("alarms.yaml", first, second)
    print(f"{' and '.join(names)}: {len(first['Resources'])} resources without a remark")


def command_line(folder, expected):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        boto3.client("logs", endpoint_url=endpoint).create_log_group(logGroupName=LOG_GROUP)
        env = {**os.environ, "AWS_ENDPOINT_URL": endpoint, "LOG_GROUP": LOG_GROUP, "PATH": f"{BIN}:{os.environ['PATH']}"}
        subprocess.run(["sh", folder / "alarms.sh"], env=env, check=True)
        read_back(endpoint, expected)
    finally:
        server.stop()


def text(value):
    """A string of HCL as its value: the parser leaves quotes and escapes in place."""
    return json.loads(value).replace("$${", "${").replace("%%{", "%{")


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
    assert filters.keys() == alarms.keys()
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
            "Period": block["period"],
            "EvaluationPeriods": block["evaluation_periods"],
            "DatapointsToAlarm": block["datapoints_to_alarm"],
            "Threshold": block["threshold"],
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
            ("evaluate_low_sample_count_percentiles", "EvaluateLowSampleCountPercentile"),
        ]:
            if theirs in block:
                found[ours] = text(block[theirs])
        wanted = defaults(item)
        for key in ("Namespace", "MetricName"):
            wanted.pop(key)
        same("alarms.tf", found, wanted)
    print(f"alarms.tf: {len(filters)} metric filters and {len(alarms)} alarms parsed")


def main(folder):
    os.environ.update(ACCOUNT)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    expected = json.loads((folder / "alarms.json").read_text())
    terraform(folder, expected)
    cloudformation(folder)
    command_line(folder, expected)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
