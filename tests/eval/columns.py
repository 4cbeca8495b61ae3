#!/usr/bin/env python3
"""Small tools around the lines of `datawave scan -o jsonl` (standard library only).

  columns.py predictions FIELD < LINES        the scorer's input; FIELD (source|schema) names the benchmark's source
  columns.py names FIELD < LINES              [source, table, column] of every column visited, one JSON array a line
  columns.py compare OURS ENGINE              both files of names: equal as sets, or the difference and exit 1
  columns.py random sqlite|postgres SEED      SQL that makes tables and columns with hostile random names

`predictions` only renames: a column's label is that of its first finding that was decided `yes`.
"""
import json
import random
import sys


def lines():
    """The column lines of a scan; the events between them are left out."""
    for line in sys.stdin:
        line = line.strip()
        if line:
            row = json.loads(line)
            if "column" in row:
                yield row


def predictions(field):
    for row in lines():
        first = next((f for f in row["findings"] if f["decision"] == "yes"), None)
        print(json.dumps({
            "source": row[field],
            "table": row["table"],
            "column": row["column"],
            "label": first["label"] if first else "none",
            "confidence": first["confidence"] if first else 0.0,
        }))


def names(field):
    for row in lines():
        print(json.dumps([row[field], row["table"], row["column"]]))


def compare(ours, engine):
    def read(path):
        with open(path, encoding="utf-8") as file:
            return [tuple(json.loads(line)) for line in file if line.strip()]

    visited, listed = read(ours), read(engine)
    missing, extra = set(listed) - set(visited), set(visited) - set(listed)
    for what, some in (("not visited", missing), ("not in the catalogue", extra)):
        for name in sorted(some)[:20]:
            print(f"{what}: {name}", file=sys.stderr)
    twice = len(visited) - len(set(visited))
    if twice:
        print(f"{twice} columns were printed more than once", file=sys.stderr)
    print(f"columns visited {len(set(visited))}, in the engine's catalogue {len(set(listed))}")
    return 1 if missing or extra or twice else 0


PIECES = [
    "a", "Order", "select", "drop table x;--", '"', "'", "`", " ", ".", ",", "(", ")", "%", "$1", "\\",
    "ä", "日本", "😀", "\u202e", "пол", "\t", "[", "]", ":", "/*", "*/",
]


def random_sql(engine, seed):
    rng = random.Random(int(seed))

    def name(limit):
        text = ""
        for _ in range(rng.randint(1, 8)):
            text += rng.choice(PIECES)
        # PostgreSQL cuts names at 63 bytes and SQLite keeps `sqlite_` to itself.
        while len(text.encode()) > limit - 8:
            text = text[:-1]
        return f"{text}{rng.randrange(16**7):07x}"

    def quote(text):
        return '"' + text.replace('"', '""') + '"'

    limit = 63 if engine == "postgres" else 200
    for table in range(25):
        table_name = name(limit)
        columns = [name(limit) for _ in range(rng.randint(1, 12))]
        print(f"create table {quote(table_name)} (" + ", ".join(f"{quote(c)} text" for c in columns) + ");")
        if table % 3:
            values = ", ".join(f"'{rng.randrange(10**6)}'" for _ in columns)
            print(f"insert into {quote(table_name)} values ({values});")
        if table % 4 == 0:
            print(f"create view {quote(name(limit))} as select * from {quote(table_name)};")


def main(arguments):
    commands = {"predictions": (predictions, 1), "names": (names, 1), "compare": (compare, 2), "random": (random_sql, 2)}
    if not arguments or arguments[0] not in commands or len(arguments) - 1 != commands[arguments[0]][1]:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[arguments[0]][0](*arguments[1:]) or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
