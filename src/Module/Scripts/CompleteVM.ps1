# Offers the VMs of the evidence that is named on the line. Called with the arguments of an argument completer.

$word, $bound = $args[2, 4]
foreach ($path in @($bound['Path']) + $bound['VMHost'] | Where-Object { $_ }) {
    (Get-PassthruEvidence $path -ErrorAction Ignore -WarningAction Ignore).VMs.Name | Where-Object { $_ -like "$word*" } |
        ForEach-Object { if ($_ -match '[^-.0-9A-Za-z_]') { "'" + $_.Replace("'", "''") + "'" } else { $_ } }
}
