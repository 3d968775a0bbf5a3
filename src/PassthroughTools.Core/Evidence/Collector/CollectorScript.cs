namespace PassthroughTools.Evidence.Collector;

/// <summary>
/// The script that collects a host's evidence where this module can't be: for the shell of ESXi (busybox), read-only commands only. What it prints is a tar
/// of the evidence layout, which <see cref="EvidenceReader"/> reads.
/// </summary>
public static class CollectorScript
{
    /// <summary>The script, with LF line ends and ASCII characters only.</summary>
    public static string Text { get; } = Source.Replace("\r\n", "\n") + "\n";

    private const string Source =
        """
        #!/bin/sh
        # Collects what PassthroughTools needs to know of an ESXi host and prints it as one tar. Reads only; works in a folder of its own, which it
        # removes however it ends. In the tar, evidence/collector.log says what could not be collected.
        set -u
        umask 077
        LC_ALL=C
        export LC_ALL

        usage() {
            cat <<'END'
        usage: sh collect.sh [-z] [-s MIB] [-o FILE] > host.tar
          -o FILE  write the tar to FILE, which must not exist, instead of printing it
          -s MIB   take at most this many MiB of logs, newest first (default 512, 0 for none)
          -z       pack the tar with gzip
          -h       print this help
        Read the result with: Get-PassthruEvidence -Path host.tar
        END
        }

        fail() {
            printf 'collect.sh: %s\n' "$1" >&2
            exit "${2:-1}"
        }

        out=
        pack=
        limit=512
        while getopts o:s:zh option; do
            case $option in
                o) out=$OPTARG ;;
                s) limit=$OPTARG ;;
                z) pack=z ;;
                h) usage; exit 0 ;;
                *) usage >&2; exit 2 ;;
            esac
        done
        shift $((OPTIND - 1))
        [ $# -eq 0 ] || { usage >&2; exit 2; }
        case $limit in ''|*[!0-9]*|???????*) fail "-s wants a number of MiB, not '$limit'." 2 ;; esac
        if [ -z "$out" ] && [ -t 1 ]; then fail 'the tar would go to the terminal: redirect it, or name a file with -o.' 2; fi
        if [ -n "$out" ] && [ -e "$out" ]; then fail "'$out' exists already and was left as it is."; fi

        # Only for trying the script elsewhere: where the host's own files are looked for.
        root=${PASSTHRU_ROOT:-}
        work=
        writing=
        clean() {
            status=$?
            trap - EXIT
            if [ -n "$work" ]; then rm -rf "$work"; fi
            if [ -n "$writing" ]; then rm -f "$out"; fi
            exit $status
        }
        trap clean EXIT
        trap 'exit 129' HUP
        trap 'exit 130' INT
        trap 'exit 141' PIPE
        trap 'exit 143' TERM

        # Made by mkdir, which fails where the name is taken: not every busybox has mktemp -d.
        place=${TMPDIR:-/tmp}/passthru-$$
        mkdir "$place" || fail 'no folder could be made below TMPDIR or /tmp.'
        work=$place
        here=$work/evidence
        mkdir -p "$here/vms" || fail 'the folder for the evidence could not be made.'
        log=$here/collector.log
        : > "$log" || fail 'the folder for the evidence can not be written to.'

        note() { printf '%s\n' "$1" >> "$log"; }

        # complaints: the beginning of what the last command complained about, on one line.
        complaints() { sed 3q "$work/errors" | while IFS= read -r complaint; do printf '%s ' "$complaint"; done; }

        # run FILE COMMAND...: keeps what the command prints. Output of a failed command may be cut short, so it is kept under a name that is not read.
        run() {
            file=$here/$1
            shift
            if ! type "$1" > /dev/null 2>&1; then
                note "$1: not found; '$*' was not run"
                return 1
            fi
            "$@" > "$file" 2> "$work/errors" < /dev/null
            code=$?
            if [ $code -ne 0 ]; then
                note "'$*' ended with exit code $code: $(complaints)"
                if [ -s "$file" ]; then mv "$file" "$file.failed"; else rm -f "$file"; fi
                return 1
            fi
            if [ ! -s "$file" ]; then
                note "'$*' printed nothing"
                rm -f "$file"
                return 1
            fi
            note "'$*': done"
        }

        # Text as the inside of a JSON string.
        json() { printf '%s\n' "$1" | sed -e 's/[[:cntrl:]]//g' -e 's/\\/\\\\/g' -e 's/"/\\"/g'; }

        # field NAME FILE: the value of the first line 'NAME: value'.
        field() { if [ -f "$2" ]; then sed -n "s/^ *$1: *//p" "$2" | sed 1q; fi; }

        run vsish-vectorList.txt vsish -e ls /hardware/interrupts/vectorList/
        run esxcli-hardware-pci-list.txt esxcli hardware pci list
        run esxcli-hardware-pci-pcipassthru-list.txt esxcli hardware pci pcipassthru list
        run esxcli-system-settings-kernel-list.txt esxcli system settings kernel list
        run esxcli-system-version-get.txt esxcli system version get || run esxcli-system-version-get.txt vmware -vl
        run lspci-config.txt lspci -e

        # host.json
        run cpu.tmp esxcli hardware cpu global get
        cpus=$(field 'CPU Threads' "$here/cpu.tmp")
        case $cpus in
            ''|*[!0-9]*)
                cpus=
                if run cpulist.tmp vsish -e ls /hardware/cpu/cpuList/; then cpus=$(grep -c . "$here/cpulist.tmp"); fi ;;
        esac
        run name.tmp esxcli system hostname get
        name=$(field 'Fully Qualified Domain Name' "$here/name.tmp")
        if [ -z "$name" ]; then name=$(hostname 2> /dev/null); fi
        rm -f "$here/cpu.tmp" "$here/cpulist.tmp" "$here/name.tmp"
        {
            printf '{\n  "schemaVersion": 1'
            if [ -n "$name" ]; then printf ',\n  "name": "%s"' "$(json "$name")"; fi
            if [ -n "$cpus" ]; then printf ',\n  "logicalCpus": %s' "$cpus"; fi
            printf ',\n  "collectedAt": "%s"\n}\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
        } > "$here/host.json"

        # Logs are linked, not copied: /tmp is a small memory disk on ESXi. The tar follows the links.
        left=$((limit * 1048576))
        take_log() {
            if [ ! -f "$1" ] || [ ! -r "$1" ]; then return; fi
            size=$(wc -c < "$1") || size=
            size=${size##* }
            case $size in ''|*[!0-9]*) note "$1: left out, its size could not be read"; return ;; esac
            if [ $size -le $left ]; then
                ln -s "$1" "$2"
                left=$((left - size))
            elif [ $left -gt 0 ] && case $1 in *.gz) false ;; esac; then
                # From the end, without the line that the cut goes through. A busybox without tail -c must not pass for an empty log.
                rm -f "$work/uncut"
                { tail -c $left "$1" 2> /dev/null || : > "$work/uncut"; } | sed 1d > "$2"
                if [ -f "$work/uncut" ]; then
                    rm -f "$2"
                    note "$1: left out, tail -c failed and $size bytes are more than is left of -s $limit"
                else
                    note "$1: the last $left of $size bytes were taken (-s $limit)"
                    left=0
                fi
            else
                note "$1: left out, $size bytes are more than is left of -s $limit"
            fi
        }
        logs=$root/var/run/log
        if [ ! -f "$logs/vmkernel.log" ]; then logs=$root/var/log; fi
        if [ ! -f "$logs/vmkernel.log" ]; then note "vmkernel.log: found neither in /var/run/log nor in /var/log"; fi
        take_log "$logs/vmkernel.log" "$here/vmkernel.log"
        ls -t "$logs" 2> /dev/null | while read -r file; do
            case $file in vmkernel.[0-9]*|vmkernel.*.gz|vmkernel.*.log) printf '%s\n' "$file" ;; esac
        done > "$work/rotations"
        while read -r file; do take_log "$logs/$file" "$here/$file"; done < "$work/rotations"

        # power ID: the VM's power state as vm.json words it.
        power() {
            case $(vim-cmd vmsvc/power.getstate "$1" 2> /dev/null < /dev/null) in
                *'Powered on'*) printf poweredOn ;;
                *'Powered off'*) printf poweredOff ;;
                *[Ss]uspended*) printf suspended ;;
            esac
        }

        # vm_json FILE NAME ID GUEST
        vm_json() {
            state=$(power "$3")
            if [ -z "$state" ]; then note "VM $3: its power state could not be read"; fi
            {
                printf '{\n  "schemaVersion": 1'
                if [ -n "$2" ]; then printf ',\n  "name": "%s"' "$(json "$2")"; fi
                if [ -n "$state" ]; then printf ',\n  "powerState": "%s"' "$state"; fi
                case $4 in ''|*[!A-Za-z0-9_]*) ;; *) printf ',\n  "guestId": "%s"' "$4" ;; esac
                printf '\n}\n'
            } > "$1/vm.json"
        }

        # plain NAME: the name as one of a file anywhere.
        plain() { printf '%s\n' "$1" | sed -e 's/[\\:]/_/g' -e 's/[[:cntrl:]]//g'; }

        # vm_folder NAME ID: makes a folder below vms/ that no other VM has, and sets $folder.
        : > "$work/taken"
        vm_folder() {
            folder=$(plain "$1")
            case $folder in ''|.|..) folder=vm-$2 ;; esac
            lower=$(printf '%s\n' "$folder" | sed y/ABCDEFGHIJKLMNOPQRSTUVWXYZ/abcdefghijklmnopqrstuvwxyz/)
            if grep -qxF -e "$lower" "$work/taken"; then folder=$folder~$2; fi
            printf '%s\n' "$lower" >> "$work/taken"
            folder=$here/vms/$folder
            mkdir -p "$folder"
        }

        # find_vmx LINE: the .vmx of a line of the inventory, in $vmx. Names may hold anything, brackets included: the first reading that is a file counts.
        find_vmx() {
            vmx=
            head=${1%%.vmx *}.vmx
            rest=$head
            while :; do
                case $rest in *\[*\]\ *) ;; *) return 1 ;; esac
                rest=${rest#*\[}
                store=${rest%%\] *}
                vmx=$root/vmfs/volumes/$store/${rest#*\] }
                if [ -f "$vmx" ]; then return 0; fi
            done
        }

        take_vm() {
            id=${1%%[!0-9]*}
            rest=${1#*.vmx }
            guest=$(printf '%s\n' "$rest" | sed -n 's/^ *\([A-Za-z0-9_]*\)  *vmx-[0-9].*/\1/p')
            if ! find_vmx "$1" || ! cat "$vmx" > "$work/vmx" 2> /dev/null; then
                # Which devices it uses is not known, so it must not be overlooked.
                note "VM $id: its .vmx could not be read: $1"
                vm_folder "vm-$id" "$id"
                vm_json "$folder" "vm-$id" "$id" ''
                return
            fi
            if ! grep -qiE '^[[:space:]]*(pciPassthru|encryption\.data)' "$work/vmx"; then
                note "VM $id: passes no device through"
                return
            fi
            place=${vmx%/*}
            vm_folder "${place##*/}" "$id"
            target=$(plain "${vmx##*/}")
            cat "$work/vmx" > "$folder/$target"
            vm_json "$folder" '' "$id" "$guest"
            for file in "$place"/vmware.log "$place"/vmware-[0-9]*.log; do take_log "$file" "$folder/${file##*/}"; done
            note "VM $id: taken"
        }
        if ! type vim-cmd > /dev/null 2>&1; then
            note 'vim-cmd: not found; no VM was looked at'
            rmdir "$here/vms"
        elif vim-cmd vmsvc/getallvms > "$work/inventory" 2> "$work/errors" < /dev/null && grep -q '^Vmid ' "$work/inventory"; then
            # An annotation of several lines makes lines of its own, which have no number, or no file.
            grep -E '^[0-9]+ .*\[.*\] .*\.vmx ' "$work/inventory" > "$work/vms"
            while IFS= read -r line; do take_vm "$line"; done < "$work/vms"

            # A VM whose files can't be reached may be running all the same.
            sed -n "s/^Skipping invalid VM '\([0-9]*\)'.*/\1/p" "$work/inventory" > "$work/invalid"
            while read -r invalid; do take_vm "$invalid "; done < "$work/invalid"
            grep -vE "^[0-9]+ .*\[.*\] .*\.vmx |^Vmid |^Skipping invalid VM '[0-9]" "$work/inventory" | sed 100q | while IFS= read -r line; do note "inventory, passed over: $line"; done
        else
            note "'vim-cmd vmsvc/getallvms' failed: $(complaints)"
            rmdir "$here/vms"
        fi

        cd "$work" || fail 'the folder of the evidence is gone.'
        if [ -n "$out" ]; then
            case $out in /*) ;; *) out=$OLDPWD/$out ;; esac
            (set -C; : > "$out") || fail "'$out' could not be made."
            writing=yes
            tar -ch${pack}f - evidence > "$out" || fail "the tar could not be written to '$out'."
            writing=
        else
            tar -ch${pack}f - evidence || fail 'the tar could not be written.'
        fi
        """;
}
