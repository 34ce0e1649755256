#!/usr/bin/env bash
# The whole process, from the shell's call to its end: gradus beside a program that does nothing.
# cargo build --release && benches/process.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The least of ten rounds of 100 calls, in milliseconds a call.
least() {
    local best=999999999 round begin end
    for round in {1..10}; do
        begin=$(date +%s%N)
        for _ in {1..100}; do "$@" > /dev/null; done
        end=$(date +%s%N)
        if ((end - begin < best)); then best=$((end - begin)); fi
    done
    printf '%d.%02d' $((best / 100000000)) $((best / 1000000 % 100))
}

echo "an empty process:   $(least /bin/true) ms"
echo "gradus --version:   $(least target/release/gradus --version) ms"
echo "the README's diff:  $(least target/release/gradus diff "x^2 + 2*x*y + 3 + cos(x + 2*y)" --wrt x) ms"
