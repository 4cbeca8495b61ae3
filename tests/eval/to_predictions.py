#!/usr/bin/env python3
"""Turns verdicts, one JSON object a line, into predictions for the scorer of the classification benchmark.

    datawave scan ... -o jsonl | tests/eval/to_predictions.py > PRED.jsonl

A verdict has `source`, `table`, `column` and `findings` (each with `label`, `kind`, `confidence`), most certain
first; `source` and `table` may also stand in `path` as `database` and `table`. A prediction is the first finding
that says what the column *is*, or that it is prose with personal data. Lines without `findings` are not verdicts
and are passed over. Standard library only.
"""
import json
import os
import sys


def prediction(verdict):
    path = verdict.get("path") or {}
    source = verdict.get("source") or path.get("database") or ""
    # A file's path names the source by its stem.
    source = os.path.splitext(os.path.basename(source))[0] if "/" in source else source
    for finding in verdict["findings"]:
        if finding.get("kind") != "contains" or finding["label"] == "free_text_pii":
            label, confidence = finding["label"], finding["confidence"]
            break
    else:
        label, confidence = "none", 0.0
    return {
        "source": source.removesuffix(".sqlite"),
        "table": verdict.get("table") or path.get("table"),
        "column": verdict["column"],
        "label": label,
        "confidence": confidence,
    }


def main():
    for line in sys.stdin:
        if not line.strip():
            continue
        verdict = json.loads(line)
        if "findings" in verdict and "column" in verdict:
            print(json.dumps(prediction(verdict), ensure_ascii=False))


if __name__ == "__main__":
    main()
