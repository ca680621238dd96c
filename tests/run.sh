#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs every test project, and closes with "N passed, N failed, N skipped".
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
configuration=${LARKSPUR_CONFIGURATION:-Release}
mkdir -p artifacts
say() { printf '== %s (%ss)\n' "$*" "$SECONDS"; }
fail() { printf 'larkspur test: %s\n0 passed, 1 failed, 0 skipped\n' "$*"; exit 1; }

# Debian packages: only what is missing, only where we may, never without a bound.
install() {
  local wanted=("$@") missing=() p
  for p in "${wanted[@]}"; do dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || fail "these Debian packages are missing: ${missing[*]}; install them with: sudo apt-get install ${missing[*]}"
    as=(sudo -n)
  fi
  say "installing ${missing[*]}"
  local log=artifacts/apt.log
  { timeout 300 "${as[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 900 "${as[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 \
    || { tail -n 20 "$log"; fail "apt-get could not install: ${missing[*]}"; }
}

# PostgreSQL for private clusters of the tests. Debian makes a main cluster at the first installation and starts it; nobody asked for that one,
# so a drop-in says no while apt-get runs. Its own settings files stay untouched.
install_postgresql() {
  command -v initdb >/dev/null 2>&1 && return 0
  local place
  for place in /usr/lib/postgresql/*/bin/initdb; do [ -x "$place" ] && return 0; done
  command -v dpkg-query >/dev/null 2>&1 || fail "PostgreSQL 13 or newer is missing (the tests start servers of their own): put its initdb, pg_ctl, postgres and psql into PATH"
  local as=() folder=/etc/postgresql-common/createcluster.d
  if [ "$(id -u)" != 0 ]; then as=(sudo -n); sudo -n true 2>/dev/null || fail "PostgreSQL is missing; install it with: sudo apt-get install postgresql"; fi
  "${as[@]}" mkdir -p "$folder" && echo "create_main_cluster = false" | "${as[@]}" tee "$folder/larkspur-tests.conf" >/dev/null
  trap '"${as[@]}" rm -f "$folder/larkspur-tests.conf"' EXIT
  install postgresql
  trap - EXIT
  "${as[@]}" rm -f "$folder/larkspur-tests.conf"
}

command -v dotnet >/dev/null 2>&1 || fail "the .NET SDK 10 is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
if command -v dpkg-query >/dev/null 2>&1; then
  install libsqlite3-0 chromium fonts-noto-cjk fonts-noto-color-emoji
else
  command -v chromium >/dev/null 2>&1 || fail "Chromium is missing (the tests of the web client drive it)"
fi
install_postgresql
command -v node >/dev/null 2>&1 || { command -v dpkg-query >/dev/null 2>&1 && install nodejs npm; }
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || fail "Node.js 20 or newer with npm is missing (the official clients run in it)"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node.js $(node --version) is too old: 20 or newer is needed"

say "official clients (npm)"
(cd tests/interop && timeout 300 npm ci --prefer-offline --silent --no-audit --no-fund >"$root/artifacts/npm.log" 2>&1) || { tail -n 20 artifacts/npm.log; fail "npm ci failed in tests/interop"; }

say "build"
# One compiler for all projects: started anew for each of the thirty, it warms up for longer than it works.
timeout 1200 dotnet build Larkspur.slnx -c "$configuration" -v quiet -clp:NoSummary -p:UseSharedCompilation=true >artifacts/build-tests.log 2>&1 \
  || { grep -E 'error|warning' artifacts/build-tests.log | sort -u | head -40; fail "the build failed; see artifacts/build-tests.log"; }

# Its memory is the tests' now.
timeout 60 dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 || say "the compiler's server goes on until it has been idle for ten minutes"

# The runtime's profiling of hot code pays off after minutes; most of these processes live for seconds. Without it the tests need a sixth less.
export DOTNET_TieredPGO=0

passed=0 failed=0 skipped=0
# Runs one test program: folder, the name in the report, variables for it, then its options.
run() {
  local project=$1 title=$2 variables=$3 name log code p f s
  shift 3
  name=$(basename "$project")
  say "$title"
  log="artifacts/${title// /-}.log"
  env $variables timeout 1500 dotnet "$project/bin/$configuration/net10.0/$name.dll" --no-progress --no-ansi "$@" >"$log" 2>&1
  code=$?
  count() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1; }
  p=$(count succeeded); f=$(count failed); s=$(count skipped)
  if [ -z "$p" ]; then
    tail -n 40 "$log"
    printf '%s ended with exit code %s and no summary\n' "$title" "$code"
    failed=$((failed + 1))
    return
  fi
  passed=$((passed + p)); failed=$((failed + ${f:-0})); skipped=$((skipped + ${s:-0}))
  # 8: a filter left nothing to run in this project.
  if [ "$code" -ne 0 ] && [ "${f:-0}" -eq 0 ] && { [ "$code" -ne 8 ] || [ $# -eq 0 ]; }; then
    printf '%s ended with exit code %s\n' "$title" "$code"
    failed=$((failed + 1))
  fi
  if [ "${f:-0}" -ne 0 ]; then grep -vE '^\s*$' "$log" | head -n 200; fi
  printf '   %s passed, %s failed, %s skipped\n' "$p" "${f:-0}" "${s:-0}"
}

for project in tests/*.Tests; do
  run "$project" "$(basename "$project")" "" "$@"
  # What holds on a file holds on a server.
  case $(basename "$project") in
    Larkspur.Gateway.Tests|Larkspur.Security.Tests) run "$project" "$(basename "$project") on PostgreSQL" LARKSPUR_TEST_DB=postgresql "$@" ;;
  esac
done

say "done"
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
