#!/usr/bin/env bash
# Reads the output of test runs on stdin, prints `N passed, N failed` (the sum over all result lines).
# Test suites that say `test result:` count: cargo's and our own scripts'.
set -euo pipefail
awk '
  /^test result: / {
    for (i = 1; i < NF; i++) {
      if ($(i + 1) ~ /^passed/) passed += $i
      if ($(i + 1) ~ /^failed/) failed += $i
    }
  }
  # A suite that could not be built ran nothing: that is a failure, not zero tests.
  /^error: could not compile / { failed += 1 }
  /^check failed: / { failed += 1 }
  END { printf "%d passed, %d failed\n", passed, failed }
'
