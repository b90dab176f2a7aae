#!/usr/bin/env bash
# Installs what the project needs on Debian 12: Debian packages, and npm packages from the lock file.
#   ./setup.sh          everything: to build, to test, to work on it
#   ./setup.sh run      only what ./run needs
#   ./setup.sh bench    everything, and the peers that the benchmarks measure against
# Does nothing when all is there. Needs root, or sudo, only when a Debian package is missing.
set -euo pipefail
cd "$(dirname "$0")"

# To build and run the server.
run_packages=(
  clang-19 lld-19 cmake ninja-build ccache pkg-config python3
  python3-fonttools python3-brotli
  libboost1.81-dev libboost-context1.81-dev libssl-dev libcrypt-dev libsodium-dev libsqlite3-dev
  libyaml-cpp-dev nlohmann-json3-dev libvalijson-dev libcli11-dev libspdlog-dev libfmt-dev
  libmd4c-dev libmd4c-html0-dev libkainjow-mustache-dev libhowardhinnant-date-dev
  libzxcvbn-dev libcurl4-openssl-dev libseccomp-dev libmaxminddb-dev prometheus-cpp-dev libbrotli-dev libzstd-dev zlib1g-dev
  liboath-dev libfido2-dev libcbor-dev libre2-dev libsimdjson-dev
  libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev
  ca-certificates curl git tzdata
)
# To test it as well.
test_packages=(
  clang-tidy-19 clang-format-19 libclang-rt-19-dev llvm-19
  chromium openssl python3-argon2 python3-cryptography python3-jsonschema jq oathtool sqlite3 e2fsprogs mount nginx
)
# To measure it against its peers as well: nothing is linked with these.
bench_packages=(libsqlcipher0 nginx postgresql-15 wrk)

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

group=${1:-test}
case $group in
  run) packages=("${run_packages[@]}") ;;
  test) packages=("${run_packages[@]}" "${test_packages[@]}") ;;
  bench) packages=("${run_packages[@]}" "${test_packages[@]}" "${bench_packages[@]}") ;;
  *) fail "unknown group '$group': run, test or bench" ;;
esac
# A Node that is there already serves; otherwise Debian's.
command -v node >/dev/null && command -v npm >/dev/null || packages+=(nodejs npm)

install_debian_packages() {
  local missing
  mapfile -t missing < <(
    comm -13 \
      <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null |
        sed -n 's/^installed //p' | sort -u) \
      <(printf '%s\n' "${packages[@]}" | sort -u))
  [ ${#missing[@]} -gt 0 ] || return 0

  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "packages are missing, and this is neither root nor is there sudo.
  As root: apt-get install --no-install-recommends ${missing[*]}"
    root=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive
    apt-get -q -y -o Acquire::Retries=3 -o Dpkg::Use-Pty=0)
  "${apt[@]}" update </dev/null >/dev/null || fail "apt-get update failed (see above)"
  "${apt[@]}" install --no-install-recommends "${missing[@]}" </dev/null |
    sed -unE '/^(Need to get|After this operation|Fetched)/s/^/setup:   /p' ||
    fail "apt-get install failed (see above)"
}

# Fonts for the server's pages, and what the application is built with; unless for `run`, the tools
# that check both. With them comes Node 20 (a package of npm's for this machine), which Debian's
# Node 18 is too old for: the build and the checks take it from node_modules before any other.
install_npm_packages() {
  local stamp=node_modules/.installed lock
  lock=$(sha256sum package-lock.json | cut -d' ' -f1)
  local wanted=test omit=()
  [ "$group" = run ] && wanted=run omit=(--omit=dev)
  grep -qsx -e "$wanted $lock" -e "test $lock" "$stamp" && return 0
  say "installing npm packages from package-lock.json"
  npm_ci npm "${omit[@]}"
  # Without a word npm leaves out an optional package that wants a newer Node than its own; the bundler's
  # program for this machine is one. Then again, by the Node that has come with the first time.
  node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' ||
    npm_ci npm_by_new_node "${omit[@]}"
  echo "$wanted $lock" >"$stamp"
}

npm_ci() {  # NPM OPTIONS...: what the lock file names, from nothing
  "$1" ci --ignore-scripts --no-audit --no-fund --loglevel=error "${@:2}" </dev/null >/dev/null ||
    fail "npm ci failed (see above)"
}

# npm as it is here, run by npm's own package of Node instead of the Node that is here. That is kept outside
# of node_modules, which npm removes first. Debian's npm finds its parts where Debian's Node looks.
npm_by_new_node() {
  mkdir -p build
  cp node_modules/node-linux-*/bin/node build/node
  NODE_PATH=/usr/share/nodejs:/usr/lib/nodejs build/node "$(readlink -f "$(command -v npm)")" "$@"
}

# The peers that are npm packages, and a static host for the exported site, apart from all that the
# project itself uses.
install_npm_peers() {
  [ "$group" = bench ] || return 0
  local into=build/peers lock
  lock=$(sha256sum bench/peers/package-lock.json | cut -d' ' -f1)
  grep -qsx "$lock" "$into/.installed" && return 0
  say "installing the benchmarks' npm peers"
  mkdir -p "$into"
  cp bench/peers/package.json bench/peers/package-lock.json "$into"
  (cd "$into" && npm_ci npm)
  echo "$lock" >"$into/.installed"
}

[ -x /usr/bin/apt-get ] || fail "this is not Debian 12. Install the counterparts of: ${packages[*]}"
install_debian_packages
install_npm_packages
install_npm_peers
