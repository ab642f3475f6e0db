"""Parses the queries that tests/dialect.rs wrote and runs those for Athena in DuckDB, on the same files.

Usage: check.py FOLDER. DuckDB stands in for Athena: the table is made by its own statement, with the types that sqlglot
translates, and each record is laid into it as Hive's reader of CloudTrail files does: names in lower case, whatever has
no columns of its own as the text of its JSON.
"""

import gzip
import json
import sys
import tempfile
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

PARTITIONS = ("account", "region", "day")


def table(statement):
    """Name and columns of the table; its statement has to parse as Athena's."""
    created = sqlglot.parse_one(statement, read="athena")
    assert isinstance(created, exp.Create), statement
    schema = created.this
    columns = {column.name: column.kind for column in schema.expressions}
    properties = {p.this.name: p.args["value"].name for p in created.find_all(exp.Property) if p.args.get("value")}
    assert properties["projection.enabled"] == "true", statement
    template = properties["storage.location.template"]
    assert all(f"${{{name}}}" in template for name in PARTITIONS), template
    return schema.this.name, columns


def records(path):
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    try:
        document = json.loads(content)
    except ValueError:
        return []
    found = document.get("Records", []) if isinstance(document, dict) else document
    return [record for record in found if "eventName" in record]


def laid_out(value, kind):
    """A value as a column of this type holds it."""
    if value is None:
        return None
    if kind.this == exp.DataType.Type.STRUCT:
        if not isinstance(value, dict):
            return None
        members = {key.lower(): member for key, member in value.items()}
        return {part.name: laid_out(members.get(part.name), part.args["kind"]) for part in kind.expressions}
    if kind.this == exp.DataType.Type.ARRAY:
        return [laid_out(item, kind.expressions[0]) for item in value] if isinstance(value, list) else None
    return value if isinstance(value, str) else json.dumps(value)


def row(record, columns):
    members = {key.lower(): member for key, member in record.items()}
    line = {name: laid_out(members.get(name), kind) for name, kind in columns.items()}
    day = record["eventTime"][:10].replace("-", "/")
    return {**line, "account": record.get("recipientAccountId"), "region": record.get("awsRegion"), "day": day}


def load(connection, name, columns, files):
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as lines:
        for path in files:
            for record in records(Path(path)):
                lines.write(json.dumps(row(record, columns)) + "\n")
        lines.flush()
        types = {column: kind.sql("duckdb") for column, kind in columns.items()} | dict.fromkeys(PARTITIONS, "VARCHAR")
        spelled = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
        connection.execute(
            f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM read_json('{lines.name}', "
            f"format = 'newline_delimited', columns = {{{spelled}}}, maximum_object_size = 100000000)"
        )


def scalars_only(node):
    """Trino's json_extract_scalar is NULL for objects and lists, DuckDB's is their text."""
    if isinstance(node, exp.JSONExtractScalar):
        whole = exp.JSONExtract(this=node.this.copy(), expression=node.expression.copy())
        kind = exp.func("json_type", whole)
        return exp.Case(ifs=[exp.If(this=kind.isin("OBJECT", "ARRAY"), true=exp.null())], default=node)
    return node


def nulls_stay_json(node):
    """Trino's lists of JSON hold a null of JSON where DuckDB's cast leaves nothing."""
    if isinstance(node, exp.TryCast) and node.to.sql("trino") == "ARRAY(JSON)":
        return exp.Anonymous(this="json_extract", expressions=[node.this.copy(), exp.Literal.string("$[*]")])
    return node


def translated(sql):
    for dialect in ("athena", "trino"):
        parsed = sqlglot.parse_one(sql, read=dialect)
    return parsed.transform(scalars_only).transform(nulls_stay_json).sql("duckdb")


def main(folder):
    document = json.loads((folder / "queries.json").read_text(encoding="utf-8"))
    (name, columns), *_ = [table(statement) for statement in document["tables"]]
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for data in document["sets"]:
        load(connection, name, columns, data["files"])
        matched = 0
        for question in data["questions"]:
            query = translated(question["sql"])
            rows = connection.execute(query).fetchall()
            if "count" in question:
                assert len(rows) == question["count"], f"{len(rows)} != {question['count']}\n{question['sql']}\n{query}"
                matched += len(rows)
            else:
                found = [[int(start.timestamp()), value, samples] for start, value, samples in rows]
                assert found == question["points"], f"{found}\n{question['points']}\n{question['sql']}"
        print(f"{data['name']}: {len(data['questions'])} queries agree, {matched} events among them")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
