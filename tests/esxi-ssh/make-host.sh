#!/bin/sh
# Makes a folder that answers as an ESXi host does: the files of a sample, busybox for the shell and its tools, and stand-ins for ESXi's commands.
#     make-host.sh SAMPLE TARGET
# SAMPLE is an evidence folder; TARGET is made. TARGET/shell is the command to force on an SSH server.
set -eu
umask 077
sample=$(cd "$1" && pwd)
mkdir -p "$2"
target=$(cd "$2" && pwd)
busybox=$(command -v busybox) || { echo 'make-host.sh: busybox is not installed.' >&2; exit 1; }

mkdir -p "$target/bin" "$target/data" "$target/root/var/run/log" "$target/root/var/log" "$target/root/vmfs/volumes/datastore1"
# No more than ESXi is known to have (docs/esxi-shell.md): no tr, and none that our commands have no use for.
for applet in sh cat tail sed ls wc gzip awk sleep hostname printf test; do ln -s "$busybox" "$target/bin/$applet"; done
cp -R "$sample/." "$target/data/answers"
for log in "$sample"/vmkernel*; do if [ -f "$log" ]; then cp "$log" "$target/root/var/run/log/"; fi; done

value() { sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$2" | head -n 1; }

# A stand-in replaces the link to busybox; written through the link it would replace busybox itself.
command_file() {
    rm -f "$target/bin/$1"
    { printf '#!%s/bin/sh\n' "$target"; cat; } > "$target/bin/$1"
    chmod 700 "$target/bin/$1"
}

json=$sample/host.json
command_file esxcli <<END
case "\$*" in
    'hardware cpu global get') printf '   CPU Packages: 2\n   CPU Threads: $(value logicalCpus "$json")\n' ;;
    'system hostname get') printf '   Domain Name: example.com\n   Fully Qualified Domain Name: $(value name "$json")\n   Host Name: x\n' ;;
    *)
        words="\$*"
        file="$target/data/answers/esxcli-\${words// /-}.txt"
        if [ ! -f "\$file" ]; then echo "Error: Unknown command or namespace \$*" >&2; exit 1; fi
        cat "\$file" ;;
esac
END
command_file vsish <<END
if [ "\$*" != '-e ls /hardware/interrupts/vectorList/' ] || [ ! -f "$target/data/answers/vsish-vectorList.txt" ]; then
    echo 'vsish: no such node' >&2
    exit 1
fi
cat "$target/data/answers/vsish-vectorList.txt"
END
command_file lspci <<END
[ "\$*" = -e ] && cat "$target/data/answers/lspci-config.txt"
END
command_file date <<END
if [ "\$*" = '-u +%Y-%m-%dT%H:%M:%SZ' ]; then echo '$(value collectedAt "$json")'; else exec $busybox date "\$@"; fi
END
command_file vim-cmd <<END
case \$1 in
    vmsvc/getallvms) cat "$target/data/inventory" ;;
    vmsvc/power.getstate) echo 'Retrieved runtime info'; cat "$target/data/power-\$2" ;;
    *) exit 1 ;;
esac
END

echo 'Vmid   Name   File   Guest OS   Version   Annotation' > "$target/data/inventory"
id=0
for vm in "$sample"/vms/*/; do
    [ -d "$vm" ] || continue
    id=$((id + 1))
    name=${vm%/}
    name=${name##*/}
    mkdir "$target/root/vmfs/volumes/datastore1/$name"
    for file in "$vm"*.vmx "$vm"vmware*; do if [ -f "$file" ]; then cp "$file" "$target/root/vmfs/volumes/datastore1/$name/"; fi; done
    printf '%s      %s      [datastore1] %s/%s.vmx      %s    vmx-08              \n' "$id" "$name" "$name" "$name" "$(value guestId "${vm}vm.json")" >> "$target/data/inventory"
    case $(value powerState "${vm}vm.json") in
        poweredOff) echo 'Powered off' ;;
        suspended) echo 'Suspended' ;;
        *) echo 'Powered on' ;;
    esac > "$target/data/power-$id"
done

root=$target/root
# What the server runs for each session: the command that was asked for, in the host's own root. Paths are moved there by text, so that neither a
# container nor the rights for one are needed.
cat > "$target/shell" <<END
#!$target/bin/sh
PATH=$target/bin
export PATH
if [ -f "$target/data/delay" ]; then sleep "\$(cat "$target/data/delay")"; fi
if [ -f "$target/data/journal" ]; then printf '%s\n' "\$SSH_ORIGINAL_COMMAND" >> "$target/data/journal"; fi
text=\${SSH_ORIGINAL_COMMAND//\\/vmfs\\/volumes/$root/vmfs/volumes}
text=\${text//\\/var\\/run\\/log/$root/var/run/log}
text=\${text//\\'\\/var\\/log\\'/\\'$root/var/log\\'}
cd "$target/root"
eval "\$text"
END
chmod 700 "$target/shell"
