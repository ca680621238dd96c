#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs every test project, and closes with "N passed, N failed, N skipped".
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
configuration=${LARKSPUR_CONFIGURATION:-Release}
mkdir -p artifacts
# --quick: the suites without gateway, browser and database, for the inner loop.
# --all-on-postgresql: on PostgreSQL too every test of gateway and security, not only those whose statements differ.
quick= postgresql=(--filter-trait Database=PostgreSQL)
while :; do
  case ${1:-} in
    --quick) quick=1; shift ;;
    --all-on-postgresql) postgresql=(); shift ;;
    *) break ;;
  esac
done
# Whoever names tests wants them on both databases.
[ $# -eq 0 ] || postgresql=()
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
if [ -z "$quick" ]; then
  if command -v dpkg-query >/dev/null 2>&1; then
    install libsqlite3-0 chromium-headless-shell fonts-noto-cjk fonts-noto-color-emoji
  else
    command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 || fail "Chromium is missing (the tests of the web client drive it)"
  fi
  install_postgresql
fi
command -v node >/dev/null 2>&1 || { command -v dpkg-query >/dev/null 2>&1 && install nodejs npm; }
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || fail "Node.js 20 or newer with npm is missing (the official clients run in it)"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "Node.js $(node --version) is too old: 20 or newer is needed"

say "official clients (npm)"
(cd tests/interop && timeout 300 npm ci --prefer-offline --silent --no-audit --no-fund >"$root/artifacts/npm.log" 2>&1) || { tail -n 20 artifacts/npm.log; fail "npm ci failed in tests/interop"; }

say "build"
# One compiler for all projects: started anew for each of the thirty, it warms up for longer than it works.
target=Larkspur.slnx
[ -z "$quick" ] || target=tests/quick.slnf
timeout 1200 dotnet build "$target" -c "$configuration" -v quiet -clp:NoSummary -p:UseSharedCompilation=true >artifacts/build-tests.log 2>&1 \
  || { grep -E 'error|warning' artifacts/build-tests.log | sort -u | head -40; fail "the build failed; see artifacts/build-tests.log"; }

# Its memory is the tests' now.
timeout 60 dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1 || say "the compiler's server goes on until it has been idle for ten minutes"

# What the runtime does for programs that run for days, these, which live for seconds, need not pay for.
export DOTNET_TieredPGO=0                            # no profiling of hot code
export DOTNET_TC_CallCountThreshold=200              # hexadecimal: a method is compiled again after 512 calls, not after 30
export DOTNET_EnableWriteXorExecute=0                # code may be written where it runs
export DOTNET_GCgen0size=4000000                     # hexadecimal: 64 MiB before the first collection
export DOTNET_gcConcurrent=0                         # no collector beside each program

# The failed tests of a log, each with its message and the first lines of what it wrote. What passed ones wrote would hide them.
failures() {
  awk '/^(passed|skipped) / || /^Test run summary/ { inside = 0 }
    /^failed / { inside = 1; lines = 0 }
    inside && NF && ++lines <= 40 { print substr($0, 1, 400) }' "$1"
}

passed=0 failed=0 skipped=0 options=$# times=()
# Runs one test program: folder, the name in the report, variables for it, then its options.
run() {
  local project=$1 title=$2 variables=$3 name log code p f s began=$SECONDS
  shift 3
  name=$(basename "$project")
  say "$title"
  log="artifacts/${title// /-}.log"
  env $variables timeout 1500 dotnet "$project/bin/$configuration/net10.0/$name.dll" --no-progress --no-ansi --output Detailed "$@" >"$log" 2>&1
  code=$?
  times+=("$((SECONDS - began)) $title")
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
  if [ "$code" -ne 0 ] && [ "${f:-0}" -eq 0 ] && { [ "$code" -ne 8 ] || [ "$options" -eq 0 ]; }; then
    printf '%s ended with exit code %s\n' "$title" "$code"
    failed=$((failed + 1))
  fi
  if [ "${f:-0}" -ne 0 ]; then failures "$log" | head -n 200; fi
  printf '   %s passed, %s failed, %s skipped\n' "$p" "${f:-0}" "${s:-0}"
}

# Tests that start programs wait more than they work: more of them at once than there are cores. A database server has work of its own.
cores=$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)
for project in tests/*.Tests; do
  name=$(basename "$project")
  if [ -n "$quick" ]; then
    case $name in Larkspur.Gateway.Tests|Larkspur.Security.Tests|Larkspur.EndToEnd.Tests|Larkspur.Samples.Tests|Larkspur.Emulator.Tests) continue ;; esac
  fi
  case $name in
    # On PostgreSQL those classes that together run nearly every statement of the gateway, and those about processes that share a database.
    Larkspur.Gateway.Tests|Larkspur.Security.Tests)
      run "$project" "$name" "" --max-threads $((cores * 2)) "$@"
      run "$project" "$name on PostgreSQL" LARKSPUR_TEST_DB=postgresql --max-threads $((cores * 3 / 2)) "${postgresql[@]}" "$@" ;;
    Larkspur.EndToEnd.Tests) run "$project" "$name" "" --max-threads $((cores * 3 / 2)) "$@" ;;
    *) run "$project" "$name" "" "$@" ;;
  esac
done

printf '== seconds by project\n'
printf '%s\n' "${times[@]}" | sort -rn | sed 's/^/   /'
# A line of a test: "passed Name (1m 02s 345ms)".
printf '== the ten slowest tests, in seconds\n'
for project in "${times[@]}"; do
  title=${project#* }
  sed -nE "s/^(passed|failed) (.*) \\(([0-9hms ]+)\\)\$/\\3|\\2/p" "artifacts/${title// /-}.log"
done | awk -F'|' '{
  n = split($1, parts, " "); total = 0
  for (i = 1; i <= n; i++) { v = parts[i] + 0; if (parts[i] ~ /ms$/) total += v / 1000; else if (parts[i] ~ /s$/) total += v; else if (parts[i] ~ /m$/) total += 60 * v; else total += 3600 * v }
  printf "   %.1f %s\n", total, substr($2, 1, 150) }' | sort -rn | head -n 10

# Once more at the end, where whoever sees only the last lines finds them.
if [ "$failed" -ne 0 ]; then
  printf '== failed\n'
  for project in "${times[@]}"; do
    title=${project#* }
    failures "artifacts/${title// /-}.log" | awk '/^failed / { lines = 0 } ++lines <= 6 { print "   " $0 }'
  done | head -n 60
fi

say "done"
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
