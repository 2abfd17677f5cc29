#!/usr/bin/env bash
# Dumps a fleet of simulated devices side by side, then compares every image with what its device holds.
#
#   Tests/Demo/demo.sh BATCHDUMP
#
# BATCHDUMP is the executable. Everything is left in .build/demo: the devices' true contents in truth/, the batch in
# report/. A device's name in the fleet is the folder of its images in both.
set -euo pipefail

batchdump=$1
cd "$(dirname "$0")/../.."
demo=.build/demo

rm -rf "$demo"
mkdir -p "$demo"/{consoles,truth}
"$batchdump" simulate Manifests/demo.fleet.json --folder "$demo/consoles" --images "$demo/truth" -- \
  "$batchdump" run Manifests/demo.json --output "$demo/report"

(cd "$demo/report" && sha256sum --check --strict --quiet SHA256SUMS)
"$batchdump" verify --from-transcript "$demo/report"

mapfile -t images < <(cd "$demo/truth" && find . -type f -printf '%P\n' | sort)
sums=$(grep -c '\.\(bin\|img\)$' "$demo/report/SHA256SUMS")
if ((${#images[@]} == 0 || ${#images[@]} != sums)); then
  echo "demo: the devices hold ${#images[@]} images, but SHA256SUMS lists $sums" >&2
  exit 1
fi
for image in "${images[@]}"; do
  cmp "$demo/truth/$image" "$demo/report/$image"
done
echo "demo: ${#images[@]} images equal what the devices hold; the report is in $demo/report"
