# Runs inside a Linux guest: POSIX sh, coreutils or busybox, lspci where it is installed. Reads only.
# The answer has the form of the Windows script: one line of JSON in a frame with length and checksum.
request='@REQUEST@'
root='@ROOT@'
LC_ALL=C
export LC_ALL
rest=${request#*|}
nonce=${request%%|*}
operation=${rest%%|*}
rest=${rest#*|}
offset=${rest%%|*}
rest=${rest#*|}
size=${rest%%|*}

first() { [ -r "$1" ] && head -n 1 "$1" 2>/dev/null | tr -d '\r\t' | tr ' ' '_'; }

devices() {
    lspci -vvv -nn -D 2>/dev/null || lspci -vvv -nn 2>/dev/null
    for folder in "$root"/sys/bus/pci/devices/*; do
        [ -e "$folder/vendor" ] || continue
        driver=-
        [ -e "$folder/driver" ] && driver=$(basename "$(readlink "$folder/driver")")
        irqs=0
        for irq in "$folder"/msi_irqs/*; do [ -e "$irq" ] && irqs=$((irqs + 1)); done
        printf '=device %s %s %s %s %s %s\n' "${folder##*/}" "$(first "$folder/vendor")" "$(first "$folder/device")" "$driver" "$irqs" "$(readlink "$folder" | tr ' ' '_')"
    done
    for file in "$root"/sys/module/*/parameters/*; do
        case ${file##*/} in
            lpfc_use_msi | lpfc_irq_chann | lpfc_hdw_queue | ql2xenablemsix | max_msix_vectors | msix_disable | msi_x)
                module=${file%/parameters/*}
                printf '=parameter %s %s %s\n' "${module##*/}" "${file##*/}" "$(first "$file")" ;;
        esac
    done
}

ports() {
    for folder in "$root"/sys/class/fc_host/*; do
        [ -e "$folder/port_name" ] || continue
        printf '=port %s %s %s %s %s\n' "$(first "$folder/port_name")" "$(first "$folder/port_state")" "$(first "$folder/speed")" "$(first "$folder/port_id")" "$(first "$folder/port_type")"
    done
}

case $operation in
    read) text=$(devices | base64 | tr -d '\n') ;;
    fabric) text=$(ports | base64 | tr -d '\n') ;;
    *) text= ;;
esac
json="{\"os\":\"Linux\",\"items\":[\"$text\"]}"
hash=$(printf '%s' "$json" | sha1sum | cut -c1-40)
total=${#json}
[ "$size" -gt 0 ] 2>/dev/null || size=$total
part=$(printf '%s' "$json" | tail -c "+$((offset + 1))" | head -c "$size")
printf 'PTG1:%s:%s:%s:%s:%s:%s:%s:END\n' "$nonce" "$total" "$offset" "${#part}" "$hash" "$part" "$nonce"
