#!/bin/sh
# Starts the stand-in for a vCenter on 127.0.0.1, with the case of samples/lpe12000-outage and a cluster beside it.
#     tests/vsphere-server/run.sh [port] [options of the server]
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(CDPATH='' cd -- "$here/../.." && pwd)

missing=
command -v go >/dev/null 2>&1 || missing="golang-go"
gocode=/usr/share/gocode
[ -d "$gocode/src/github.com/vmware/govmomi/simulator" ] || missing="$missing golang-github-vmware-govmomi-dev"
if [ -n "$missing" ]; then
    echo "The server is written in Go and needs Debian packages that are not installed. As root:" >&2
    echo "    apt-get install --no-install-recommends $missing" >&2
    exit 1
fi

port=8989
case "${1-}" in
    '' | -*) ;;
    *[!0-9]*) echo "usage: $0 [port] [options of the server]" >&2; exit 2 ;;
    *) port=$1; shift ;;
esac

# Go keeps what it compiled in its cache, so that this is quick the second time.
out="$root/out/vsphere-server"
mkdir -p "$out"
[ -n "${GOCACHE-}${XDG_CACHE_HOME-}${HOME-}" ] || export GOCACHE="$out/cache"
echo "Building the server (the first time takes about a minute) ..." >&2
(cd "$here" && GO111MODULE=off GOPATH=$gocode GOFLAGS='' go build -o "$out/vsphere-server" .)

exec "$out/vsphere-server" -words -listen "127.0.0.1:$port" -inventory "$here/inventory/default.json" "$@"
