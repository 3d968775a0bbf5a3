#!/bin/sh
# Starts an SSH server on the loopback that answers as an ESXi host does, and prints how to collect from it. Ctrl+C stops it; nothing is left.
#     run.sh [PORT [SAMPLE]]
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
port=${1:-2222}
sample=${2:-lpe12000-outage}
sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || { echo 'run.sh: sshd is not installed (Debian: openssh-server).' >&2; exit 1; }
if [ ! -d "$sample" ]; then sample=$here/../../samples/$sample; fi

work=$(mktemp -d "${TMPDIR:-/tmp}/passthru-esxi-XXXXXX")
server=
clean() {
    trap - EXIT INT TERM HUP
    if [ -n "$server" ]; then kill "$server" 2> /dev/null || :; fi
    rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

"$here/make-host.sh" "$sample" "$work/host"
ssh-keygen -q -t ed25519 -N '' -C host -f "$work/host_key"
ssh-keygen -q -t ed25519 -N '' -C user -f "$work/user_key"
cp "$work/user_key.pub" "$work/authorized_keys"
printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d ' ' -f 1,2 "$work/host_key.pub")" > "$work/known_hosts"
# sshd wants this folder when root starts it.
if [ "$(id -u)" = 0 ]; then mkdir -p /run/sshd; fi
cat > "$work/sshd_config" <<END
ListenAddress 127.0.0.1:$port
HostKey $work/host_key
AuthorizedKeysFile $work/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
MaxStartups 1000
ForceCommand $work/host/shell
SetEnv HOME=$work
END
"$sshd" -D -e -f "$work/sshd_config" 2> "$work/sshd.log" &
server=$!
sleep 1
if ! kill -0 "$server" 2> /dev/null; then cat "$work/sshd.log" >&2; exit 1; fi

user=$(id -un)
cat <<END
An ESXi host ($(basename "$sample")) answers at 127.0.0.1:$port. Press Ctrl+C to stop it. In PowerShell, with the module imported:

  \$user = [pscredential]::new('$user', [securestring]::new())
  Get-PassthruEvidence -HostName 127.0.0.1 -Port $port -Credential \$user -KeyFile $work/user_key -KnownHosts $work/known_hosts | Test-HostVectorBudget

By hand:  ssh -p $port -i $work/user_key -o UserKnownHostsFile=$work/known_hosts $user@127.0.0.1 esxcli hardware pci list
END
wait "$server"
