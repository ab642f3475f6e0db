"""Counts events by name with DuckDB: duckdb_count.py LIST gz|ndjson THREADS, where LIST names files by line.

Only the one field is asked for, so DuckDB may skip the rest of each event, which trailscope keeps.
"""

import json
import sys
import time

import duckdb

listing, form, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
with open(listing) as lines:
    files = lines.read().split()
connection = duckdb.connect(config={"threads": threads})
query = {
    "gz": """
        SELECT record.eventName, count(*)
        FROM (
            SELECT unnest(Records) AS record
            FROM read_json(?, columns = {Records: 'STRUCT(eventName VARCHAR)[]'},
                format = 'unstructured', maximum_object_size = 268435456)
        )
        GROUP BY 1""",
    "ndjson": """
        SELECT eventName, count(*)
        FROM read_json(?, columns = {eventName: 'VARCHAR'}, format = 'newline_delimited')
        GROUP BY 1""",
}[form]
begin = time.perf_counter()
counts = connection.execute(query, [files]).fetchall()
print(json.dumps({"counts": counts, "ms": (time.perf_counter() - begin) * 1000}))
