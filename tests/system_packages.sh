#!/usr/bin/env bash
# Install Chromium and PostgreSQL with PostGIS from Debian's packages, where missing and possible.
set -u
wanted=()
for name in chromium chromium-browser google-chrome chrome; do
  command -v "$name" >/dev/null 2>&1 && found_browser=1
done
[ -n "${found_browser:-}" ] || wanted+=(chromium)
ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || wanted+=(postgresql postgis postgresql-postgis)
[ ${#wanted[@]} -eq 0 ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "Installing for the tests: ${wanted[*]} …"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null || \
    echo "Debian's packages could not be installed; the tests that need them will say so."
else
  echo "Not here and not installable without root: ${wanted[*]}. The tests that need them are skipped."
fi
exit 0
