#!/bin/sh
# Makes this machine a host of a Kindling platform: fetches the host agent from it, proves with a one-time token that an administrator of the
# platform wants this machine, and starts the agent as a service. Run again it repairs or upgrades; "uninstall" takes everything away again.
#
# The token is the variable KINDLING_HOST_TOKEN, which the command puts in front of this script: arguments can be read by everybody on this machine,
# and sudo writes them to its log. It is not needed where this machine is enrolled already.
#
#   --ca F          SHA-256 of the platform's certificate authority, as the command says it
#   --listen H:P    where the agent listens for the platform (default 0.0.0.0:7443)
#   --again         a new key and certificate although there is a valid one
#   --no-service    do not start a service; say how to run the agent
#   --root DIR      install below DIR instead of /
#   uninstall       remove the agent and everything that it made, except the disks' files; with --yes it does so
set -eu
umask 022

URL='@URL@'
PIN='@PIN@'
CA_FINGERPRINT='@CA_FINGERPRINT@'
VERSION='@VERSION@'
BUNDLE_ARCH='@ARCH@'
SHA256='@SHA256@'

PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export PATH

TOKEN="${KINDLING_HOST_TOKEN:-}" CA='' LISTEN='0.0.0.0:7443' AGAIN='' SERVICE=yes ROOT='' ACTION=install YES=''

say() { printf '%s\n' "$*"; }
die() {
  printf 'kindling: %s\n' "$*" >&2
  exit 1
}

read_arguments() {
  while [ $# -gt 0 ]; do
    case "$1" in
      --ca | --listen | --root)
        [ $# -ge 2 ] || die "$1 needs a value."
        case "$1" in
          --ca) CA="$2" ;;
          --listen) LISTEN="$2" ;;
          --root) ROOT="${2%/}" ;;
        esac
        shift
        ;;
      --again) AGAIN=--again ;;
      --no-service) SERVICE=no ;;
      --yes) YES=--yes ;;
      install | uninstall) ACTION="$1" ;;
      *) die "There is no option $1." ;;
    esac
    shift
  done
  case "$ROOT" in '' | /*) ;; *) die "--root must be an absolute path." ;; esac
  OPT="$ROOT/opt/kindling-agent"
  ETC="$ROOT/etc/kindling-agent"
  STATE="$ROOT/var/lib/kindling-agent"
  RUN="$ROOT/run/kindling-agent"
  SETTINGS="$ETC/agent.env"
  UNIT=/etc/systemd/system/kindling-agent.service
  if [ -n "$ROOT" ] || [ ! -d /run/systemd/system ]; then SERVICE=no; fi
}

check_machine() {
  [ "$(id -u)" = 0 ] || die "It makes containers, networks and disks, which needs an administrator. Run it with sudo."
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) arch=x64 ;;
    Linux-aarch64) arch=arm64 ;;
    *) die "There is no agent for $(uname -s) on $(uname -m)." ;;
  esac
  [ "$arch" = "$BUNDLE_ARCH" ] || die "The platform runs on $BUNDLE_ARCH and has no agent for $arch, which this machine is."
  [ "$CA" = "$CA_FINGERPRINT" ] || die "The platform's authority is not the one that the command names with --ca. Nothing was changed."
}

# Programs that the agent calls, and the Debian packages that they come from.
install_programs() {
  missing='' packages=''
  while read -r program package; do
    command -v "$program" >/dev/null 2>&1 && continue
    missing="$missing $program"
    packages="$packages $package"
  done <<LIST
dockerd docker.io
iptables iptables
nft nftables
mmdebstrap mmdebstrap
mkfs.ext4 e2fsprogs
ip iproute2
losetup mount
tar tar
LIST
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null 2>&1 || die "Please install these programs with this system's package manager and run the command again:$missing"
  say "Installing$packages"
  # Word splitting is meant: one argument a package.
  # shellcheck disable=SC2086
  install_packages $packages || { apt-get update -qq && install_packages $packages; } || die "The packages could not be installed."
}

install_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" </dev/null >&2
}

start_engine() {
  [ "$SERVICE" = yes ] || return 0
  [ -S /var/run/docker.sock ] || systemctl enable --now docker || die "Docker Engine does not start: systemctl status docker says why."
}

fetch_agent() {
  if [ -e "$OPT/$VERSION/.complete" ]; then return 0; fi
  say "Fetching the agent $VERSION"
  mkdir -p "$OPT"
  rm -rf "$OPT/.new"
  mkdir "$OPT/.new"
  curl -fsS --pinnedpubkey "sha256//$PIN" -k -o "$OPT/.new/agent.tar.gz" "$URL/bundle/$VERSION-$BUNDLE_ARCH.tar.gz" </dev/null ||
    die "The agent could not be fetched from $URL."
  printf '%s  %s\n' "$SHA256" "$OPT/.new/agent.tar.gz" | sha256sum -c --status ||
    die "What came from $URL is not the agent that the platform made: its hash is another. Nothing was installed."
  mkdir "$OPT/.new/agent"
  tar -xzf "$OPT/.new/agent.tar.gz" -C "$OPT/.new/agent" --no-same-owner
  : >"$OPT/.new/agent/.complete"
  rm -rf "${OPT:?}/$VERSION"
  mv "$OPT/.new/agent" "$OPT/$VERSION"
  rm -rf "$OPT/.new"
}

use_agent() {
  ln -sfn "$VERSION" "$OPT/current.new"
  mv -T "$OPT/current.new" "$OPT/current"
  for old in "$OPT"/*; do
    if [ -d "$old" ] && [ ! -L "$old" ] && [ "$old" != "$OPT/$VERSION" ]; then rm -rf "$old"; fi
  done
}

enrol() {
  mkdir -p "$ETC" "$STATE"
  chmod 700 "$ETC" "$STATE"
  cat >"$ETC/ca.pem" <<'CERTIFICATE'
@CA@
CERTIFICATE
  # Here too by standard input.
  printf '%s' "$TOKEN" | "$OPT/$VERSION/bin/node" "$OPT/$VERSION/agents/host/enrol/main.ts" --url "$URL" --pin "$PIN" --ca-file "$ETC/ca.pem" \
    --ca-fingerprint "$CA" --state "$STATE" --run "$RUN" --settings "$SETTINGS" --listen "$LISTEN" $AGAIN || die "This machine was not enrolled."
}

# The agent is root and mounts disks where Docker sees them, so it lives in the machine's own mount namespace; what can be taken from it is.
write_unit() {
  cat >"$UNIT" <<EOF2
[Unit]
Description=Kindling host agent
After=network-online.target docker.service
Wants=network-online.target docker.service
StartLimitIntervalSec=0

[Service]
ExecStart=$OPT/current/bin/node --env-file=$SETTINGS $OPT/current/agents/host/main.ts
Restart=always
RestartSec=2
KillMode=mixed
TimeoutStopSec=15
UMask=0022
OOMScoreAdjust=-500
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET
SystemCallArchitectures=native
CapabilityBoundingSet=~CAP_SYS_BOOT CAP_SYS_TIME CAP_WAKE_ALARM CAP_MAC_ADMIN CAP_MAC_OVERRIDE CAP_SYS_TTY_CONFIG

[Install]
WantedBy=multi-user.target
EOF2
}

start_agent() {
  if [ "$SERVICE" = yes ]; then
    write_unit
    systemctl daemon-reload
    systemctl enable -q kindling-agent
    systemctl restart kindling-agent
    say "The agent runs: systemctl status kindling-agent"
  else
    say "Run the agent with:"
    say "  $OPT/current/bin/node --env-file=$SETTINGS $OPT/current/agents/host/main.ts"
  fi
}

uninstall() {
  [ "$(id -u)" = 0 ] || die "Run it with sudo."
  [ -x "$OPT/current/bin/node" ] || die "There is no agent in $OPT."
  if [ -n "$YES" ] && [ "$SERVICE" = yes ] && [ -e "$UNIT" ]; then
    systemctl disable -q --now kindling-agent
    rm -f "$UNIT"
    systemctl daemon-reload
  fi
  "$OPT/current/bin/node" --env-file="$SETTINGS" "$OPT/current/agents/host/enrol/uninstall.ts" $YES
  [ -n "$YES" ] || return 0
  rm -rf "$OPT" "$ETC" "$RUN" "$STATE"/identity* "$STATE"/spec.json*
  say "The agent is gone. The disks' files are still in $STATE: delete that folder when you are sure."
}

main() {
  read_arguments "$@"
  if [ "$ACTION" = uninstall ]; then
    uninstall
    return
  fi
  check_machine
  install_programs
  start_engine
  fetch_agent
  enrol
  use_agent
  start_agent
}

# Only here does anything happen, so that a script that was cut off on its way does nothing.
main "$@"
