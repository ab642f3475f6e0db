#!/bin/sh
# Installs what the Makefile needs and the machine lacks, at pinned versions, and says so.
#   scripts/tools.sh rust | page | browser | npm DIR | python REQUIREMENTS
# $TOOLS is the folder for what cargo installs. A tool of the right version on PATH is used as it is.
set -eu

TRUNK_VERSION=0.21.14
WASM_BINDGEN_VERSION=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3 }' Cargo.lock)
TARGET=wasm32-unknown-unknown

say() { printf '[tools] %s\n' "$*" >&2; }

# What could not be done, and what to do by hand.
give_up() {
  say "failed: $1"
  say "by hand: $2"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# has_version COMMAND VERSION: `COMMAND --version` prints "COMMAND VERSION".
has_version() { has "$1" && [ "$("$1" --version 2>/dev/null | awk '{ print $2; exit }')" = "$2" ]; }

need_node() {
  has node && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ||
    give_up "node 20 or later is needed" "install Node.js 20 or later, https://nodejs.org"
}

# apt_install WHAT HINT PACKAGE…
apt_install() {
  what=$1 hint=$2
  shift 2
  has apt-get || give_up "$what is missing, and there is no apt-get to install it" "$hint"
  as_root=
  [ "$(id -u)" -eq 0 ] || as_root=sudo
  [ -z "$as_root" ] || has sudo || give_up "$what is missing, and there is no sudo to install it" "$hint"
  say "installing $what: apt-get install $*"
  $as_root env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' apt-get "$@" </dev/null >&2 ||
    give_up "$what could not be installed" "apt-get install $*, or: $hint"
}

rust() {
  has cc || apt_install "a linker" "install a C compiler, which Rust links with" gcc libc6-dev
  has cargo || give_up "cargo is needed" "install Rust with rustup, https://rustup.rs"
  [ -d "$(rustc --print target-libdir --target "$TARGET")" ] && return
  has rustup || give_up "the Rust target $TARGET is missing and rustup is not there to add it" \
    "install Rust with rustup, https://rustup.rs, then: rustup target add $TARGET"
  say "adding the Rust target $TARGET"
  rustup target add "$TARGET" || give_up "the Rust target $TARGET could not be added" "rustup target add $TARGET"
}

# cargo_install CRATE VERSION OPT_LEVEL MINUTES [ARGUMENT…]: without optimisation and LTO, which would
# take minutes more and make these short-lived tools no quicker.
cargo_install() {
  crate=$1 version=$2 level=$3 minutes=$4
  shift 4
  say "building $crate $version into $TOOLS (about $minutes minutes on two cores, once)"
  CARGO_PROFILE_RELEASE_OPT_LEVEL=$level CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=0 cargo install "$crate" --version "$version" --root "$TOOLS" --force "$@" ||
    give_up "$crate $version could not be built" "cargo install $crate --version $version $*"
}

page() {
  need_node
  has_version trunk "$TRUNK_VERSION" ||
    cargo_install trunk "$TRUNK_VERSION" 0 2.5 --locked --no-default-features --features rustls
  # It refuses to work on a module made by another version of the crate.
  has_version wasm-bindgen "$WASM_BINDGEN_VERSION" ||
    cargo_install wasm-bindgen-cli "$WASM_BINDGEN_VERSION" 1 1.5
  # Trunk builds offline, so that a build is what Cargo.lock says and nothing else.
  cargo fetch --locked --quiet || give_up "the crates could not be fetched" "cargo fetch --locked"
}

browser() {
  need_node
  [ -n "${CHROMIUM:-}" ] && return
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    has "$name" && return
  done
  apt_install "Chromium for the browser tests" \
    "install Chromium or Chrome, or name one in the environment variable CHROMIUM" chromium fonts-liberation
}

npm_packages() {
  need_node
  has npm || give_up "npm is needed" "install npm, https://nodejs.org"
  say "installing the browser test packages of $1/package-lock.json"
  npm --prefix "$1" ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 ||
    give_up "the browser test packages could not be installed" "npm --prefix $1 ci --ignore-scripts"
}

# A virtual environment in $TOOLS/python with the packages of a requirements file, made anew when that changes.
python_packages() {
  requirements=$1 venv=$TOOLS/python
  cmp -s "$requirements" "$venv/requirements.txt" && return
  has python3 && python3 -c 'import ensurepip, venv' 2>/dev/null ||
    apt_install "Python with venv" "install Python 3 with venv and pip" python3 python3-venv
  say "installing the packages of $requirements into $venv"
  rm -rf "$venv"
  python3 -m venv "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements" >&2 ||
    give_up "the Python packages could not be installed" "python3 -m venv $venv && $venv/bin/pip install -r $requirements"
  cp "$requirements" "$venv/requirements.txt"
}

case ${1:-} in
  rust) rust ;;
  page) page ;;
  browser) browser ;;
  npm) npm_packages "$2" ;;
  python) python_packages "$2" ;;
  *) say "usage: $0 rust | page | browser | npm DIR | python REQUIREMENTS"; exit 2 ;;
esac
