# Runs inside a Windows guest. Windows PowerShell 2.0 and later: .NET calls and the engine's own commands only, no module.
# The request is one line of Base64 fields; the answer is one line of JSON in a frame with length and checksum. GuestScripts builds both.
& {
    param($request)
    $fields = $request.Split('|')
    $nonce, $operation, $offset, $size = $fields[0..3]
    # In constrained language nothing below would run: neither method calls nor types.
    $language = $ExecutionContext.SessionState.LanguageMode
    if ($language -and "$language" -ne 'FullLanguage') { return "PTG1:${nonce}:language:${language}:END" }
    if ($PSVersionTable.Platform -eq 'Unix') { return "PTG1:${nonce}:family:Linux:END" }
    $ErrorActionPreference = 'Stop'
    Set-StrictMode -Off
    $top = 'SYSTEM\CurrentControlSet\Enum\PCI'
    $machine = [Microsoft.Win32.Registry]::LocalMachine
    $utf8 = [Text.Encoding]::UTF8
    $list = @(foreach ($item in $fields[4..99]) { if ($item) { , @(foreach ($part in $item.Split(',')) { if ($part -eq '-') { $null } else { $utf8.GetString([Convert]::FromBase64String($part)) } }) } })

    # Everything but letters, digits and a few signs is escaped: no space, so that wrapped lines can be joined, and no code page matters.
    function quote($text) {
        if ($null -eq $text) { return 'null' }
        '"' + [regex]::Replace([string]$text, '[^\w&{}().,;%#@*+/=-]|[^\x21-\x7e]', { '\u{0:x4}' -f [int][char]$args[0].Value }) + '"'
    }
    function flag($value) { if ($null -eq $value) { 'null' } elseif ($value) { 'true' } else { 'false' } }
    function stop($id, $text) { throw "PTG:${id}:$text" }

    # One value as [type, data]: text for the string types, else Base64 of its bytes; null where it is absent, type -2 where .NET can't read it.
    function value($key, $name) {
        if (-not $key -or $key.GetValueNames() -notcontains $name) { return 'null' }
        $kind = [int]$key.GetValueKind($name)
        $data = $key.GetValue($name, $null, 'DoNotExpandEnvironmentNames')
        if ($kind -eq 7) { return "[7,$(quote ($data -join [string][char]0))]" }
        if ($data -is [string]) { return "[$kind,$(quote $data)]" }
        if (($kind -eq 4 -and $data -is [int]) -or ($kind -eq 11 -and $data -is [long])) { $data = [BitConverter]::GetBytes($data) }
        elseif ($kind -lt 1 -or $data -isnot [byte[]]) { return '[-2,""]' }
        "[$kind,""$([Convert]::ToBase64String($data))""]"
    }

    #region pnp
    function find($names) { foreach ($name in $names) { $found = Get-Command $name -ErrorAction SilentlyContinue; if ($found) { return $found } } }
    $wmi = find 'Get-WmiObject', 'Get-CimInstance'
    function query($class, $space = 'root\cimv2') { if ($wmi) { try { & $wmi $class -Namespace $space } catch { } } }
    # Name of a device's class: Windows 8 and later keep only its identifier with the device.
    function kind($key) {
        $name = $key.GetValue('Class')
        if (-not $name) {
            $of = $machine.OpenSubKey("SYSTEM\CurrentControlSet\Control\Class\$($key.GetValue('ClassGUID'))")
            if ($of) { $name = $of.GetValue('Class') }
        }
        $name
    }
    #endregion

    #region read
    # When a key was last written, as FILETIME. .NET has no public call for it; where its own one is not found, it is not known.
    function written($key) {
        try {
            $type = @('Microsoft.Win32.Win32Native', 'Interop+Advapi32' | ForEach-Object { [Microsoft.Win32.RegistryKey].Assembly.GetType($_) } | Where-Object { $_ })[0]
            $handle = $key.Handle
            if (-not $handle) { $handle = $key.GetType().GetField('hkey', [Reflection.BindingFlags]'NonPublic,Instance').GetValue($key) }
            $time = [int[]](0, 0)
            if ($type.GetMethod('RegQueryInfoKey', [Reflection.BindingFlags]'NonPublic,Static').Invoke($null, [object[]]($handle, $null, $null, [IntPtr]::Zero, 0, $null, $null, 0, $null, $null, $null, $time))) { return }
            [BitConverter]::ToInt64([byte[]]([BitConverter]::GetBytes($time[0]) + [BitConverter]::GetBytes($time[1])), 0)
        }
        catch { }
    }
    # What to read: [subkey, name] pairs; the first item is the prefixes of instance ids, separated by line feeds.
    function read {
        $prefixes = @("$($list[0][0])".Split("`n"))
        $wanted = $list[1..99] | Where-Object { $_ }
        # A device that is gone may be listed all the same, as not present or with code 45.
        $states = @{}
        foreach ($device in query Win32_PnPEntity) {
            if ("$($device.DeviceID)" -like 'PCI\*') { $states["$($device.DeviceID)"] = if ($device.Present -eq $false) { 45 } else { $device.ConfigManagerErrorCode } }
        }
        $boot = $null
        foreach ($system in query Win32_OperatingSystem) {
            try {
                $boot = $system.LastBootUpTime
                if ($boot -is [string]) { $boot = [Management.ManagementDateTimeConverter]::ToDateTime($boot) }
                $boot = $boot.ToFileTimeUtc()
            }
            catch { $boot = $null }
        }
        $property = find 'Get-PnpDeviceProperty'
        $root = $machine.OpenSubKey($top)
        if (-not $root) { return }
        foreach ($model in $root.GetSubKeyNames()) {
            $models = $root.OpenSubKey($model)
            foreach ($instance in $models.GetSubKeyNames()) {
                $id = "PCI\$model\$instance"
                if (-not @($prefixes | Where-Object { $id.StartsWith($_, 'OrdinalIgnoreCase') }).Count) { continue }
                # What the account may not read is not absent: it is told by type -1.
                $key = $version = $class = $time = $null
                $values = @()
                $denied = $false
                try { $key = $models.OpenSubKey($instance) } catch { $denied = $true }
                if (-not ($key -or $denied)) { continue }
                try {
                    $class = kind $key
                    $driver = $key.GetValue('Driver')
                    if ($driver) {
                        $of = $machine.OpenSubKey("SYSTEM\CurrentControlSet\Control\Class\$driver")
                        if ($of) { $version = $of.GetValue('DriverVersion') }
                    }
                }
                catch { }
                foreach ($pair in $wanted) {
                    $text = '[-1,""]'
                    try {
                        $sub = if ($pair[0]) { $key.OpenSubKey($pair[0]) } else { $key }
                        $text = if ($sub) { value $sub $pair[1] }
                    }
                    catch { }
                    if ($text) { $values += "[$(quote $pair[0]),$(quote $pair[1]),$text]" }
                }
                # The deepest key that is there has been written when one below it came or went.
                try {
                    $deepest = $key
                    foreach ($path in 'Device Parameters', 'Device Parameters\Interrupt Management', 'Device Parameters\Interrupt Management\MessageSignaledInterruptProperties') { $sub = $key.OpenSubKey($path); if ($sub) { $deepest = $sub } }
                    $time = written $deepest
                }
                catch { }
                $code = $states[$id]
                $present = if ($states.Count) { $states.ContainsKey($id) -and $code -ne 45 }
                # One by one: a name that a release does not know fails the whole call. Bridges are many, and nothing of them is needed.
                $answers = @{}
                if ($property -and $present -ne $false -and -not ($key -and $key.GetValue('Service') -eq 'pci')) {
                    foreach ($name in 'PciDevice_InterruptSupport', 'PciDevice_InterruptMessageMaximum', 'Device_IsRebootRequired', 'Device_LocationPaths') {
                        try { $answers[$name] = (& $property -InstanceId $id -KeyName "DEVPKEY_$name").Data } catch { }
                    }
                }
                '{"model":' + (quote $model) + ',"instance":' + (quote $instance) + ',"version":' + (quote $version) + ',"class":' + (quote $class) + ',"present":' + (flag $present) +
                ',"code":' + (quote $code) + ',"reboot":' + (flag $answers.Device_IsRebootRequired) + ',"written":' + (quote $time) + ',"boot":' + (quote $boot) +
                ',"path":' + (quote @(@($answers.Device_LocationPaths) -like 'PCIROOT*')[0]) +
                ',"support":' + (quote $answers.PciDevice_InterruptSupport) + ',"maximum":' + (quote $answers.PciDevice_InterruptMessageMaximum) + ',"values":[' + ($values -join ',') + ']}'
            }
        }
    }
    #endregion

    #region state
    # Items: [instance id, subkey, name, new type, new data, old type, old data, old answer]. A name of null stands for the key itself. All is checked before anything is written.
    function target($item) {
        $id, $path, $name = $item[0..2]
        if ($id -notmatch '^PCI\\VEN_[0-9A-F]{4}&DEV_[0-9A-F]{4}[&_0-9A-Z]*\\[^\\/"\[\]\x00-\x1f\x7f]+$' -or $id -match '\\[. ]*$') { stop NotPci $id }
        if ('Device Parameters', 'Device Parameters\Interrupt Management', 'Device Parameters\Interrupt Management\MessageSignaledInterruptProperties' -notcontains $path) { stop NotPci $path }
        if ($null -ne $name -and ($path -notlike '*\MessageSignaledInterruptProperties' -or 'MSISupported', 'MessageNumberLimit' -notcontains $name)) { stop NotPci $name }
        $key = $machine.OpenSubKey("SYSTEM\CurrentControlSet\Enum\$id")
        if (-not $key) { stop NoDevice $id }
        $key.OpenSubKey($path)
    }
    function now($item) {
        $key = target $item
        if ($null -eq $item[2]) { if ($key) { '"key"' } else { 'null' } } else { value $key $item[2] }
    }
    function state { foreach ($item in $list) { now $item } }
    #endregion

    #region write
    function put($item, $type, $data) {
        $path = "SYSTEM\CurrentControlSet\Enum\$($item[0])\$($item[1])"
        if ($null -eq $item[2]) {
            $cut = $path.LastIndexOf('\')
            $parent = $machine.OpenSubKey($path.Substring(0, $cut), $true)
            if (-not $parent) { stop NoKey $path }
            if ($type) { [void]$parent.CreateSubKey($path.Substring($cut + 1)) }
            else {
                $old = $machine.OpenSubKey($path)
                if ($old -and ($old.ValueCount -or $old.SubKeyCount)) { stop NotEmpty $path }
                if ($old) { $parent.DeleteSubKey($path.Substring($cut + 1)) }
            }
        }
        else {
            $key = $machine.OpenSubKey($path, $true)
            if (-not $key) { if ($type) { stop NoKey $path } else { return } }
            if (-not $type) { $key.DeleteValue($item[2], $false) }
            else {
                $bytes = [Convert]::FromBase64String($data)
                $content = switch ($type) {
                    '4' { [BitConverter]::ToInt32($bytes, 0) }
                    '11' { [BitConverter]::ToInt64($bytes, 0) }
                    '3' { , $bytes }
                    '7' { , [string[]]@([Text.Encoding]::Unicode.GetString($bytes).TrimEnd([char]0).Split([char]0)) }
                    default { [Text.Encoding]::Unicode.GetString($bytes).TrimEnd([char]0) }
                }
                $key.SetValue($item[2], $content, [int]$type)
            }
            $key.Flush()
        }
    }
    function apply {
        for ($i = 0; $i -lt $list.Count; $i++) { $found = now $list[$i]; if ($found -cne $list[$i][7]) { stop Changed "$i $found" } }
        $done = 0
        try { for (; $done -lt $list.Count; $done++) { put $list[$done] $list[$done][3] $list[$done][4] } }
        catch {
            # All or nothing: what was written is taken back before the failure is told.
            for ($i = $done; $i -ge 0; $i--) { try { put $list[$i] $list[$i][5] $list[$i][6] } catch { } }
            throw
        }
        state
    }
    #endregion

    #region restart
    # A storage adapter, or what may be one, is restarted in place only where every boot disk is known to hang on another one.
    function last($path) { ("$path" -replace '^[^"]*"|"\)?$').Replace('\', '').ToUpperInvariant() }
    function restart {
        if ("$($list[0][0])" -eq 'Guest') {
            $null = & shutdown.exe /r /t 15 /d p:2:4
            if ($LASTEXITCODE) { stop RestartFailed "shutdown.exe $LASTEXITCODE" }
            return '"guest"'
        }
        foreach ($item in $list[1..99]) {
            if (-not $item) { continue }
            [void](target @($item[0], 'Device Parameters', $null))
            $key = $machine.OpenSubKey("SYSTEM\CurrentControlSet\Enum\$($item[0])")
            $class = kind $key
            if (-not $class -or 'SCSIAdapter', 'HDC' -contains $class) {
                $boot = @{}
                $seen = @{}
                $system = @(query Win32_LogicalDiskToPartition | Where-Object { (last $_.Dependent) -eq $env:SystemDrive } | ForEach-Object { last $_.Antecedent })
                $partitions = $system + @(query Win32_DiskPartition | Where-Object { $_.BootPartition -or $_.Bootable } | ForEach-Object { last $_.DeviceID })
                foreach ($link in query Win32_DiskDriveToDiskPartition) {
                    $partition = last $link.Dependent
                    if ($partitions -contains $partition) { $boot[(last $link.Antecedent)] = $true; $seen[$partition] = $true }
                }
                $links = @(query Win32_SCSIControllerDevice) + @(query Win32_IDEControllerDevice)
                foreach ($disk in query Win32_DiskDrive) {
                    $owners = @($links | Where-Object { (last $_.Dependent) -eq (last $disk.PNPDeviceID) } | ForEach-Object { last $_.Antecedent })
                    if ($owners.Count -and $owners -notcontains (last $item[0])) { $boot.Remove((last $disk.DeviceID)) }
                }
                if (-not $system.Count -or $boot.Count -or ($partitions | Where-Object { -not $seen[$_] })) { stop BootDisk $item[0] }
            }
            if (-not (find 'pnputil.exe')) { stop NoRestart $item[0] }
            $null = & pnputil.exe /restart-device $item[0]
            if ($LASTEXITCODE -eq 3010) { '"pending"' } elseif ($LASTEXITCODE) { stop NoRestart "$($item[0]) $LASTEXITCODE" } else { '"restarted"' }
        }
    }
    #endregion

    #region fabric
    function fabric {
        if (-not $wmi) { stop NoWmi 'Get-WmiObject' }
        foreach ($port in query MSFC_FibrePortHBAAttributes 'root\wmi') {
            $a = $port.Attributes
            $name = ($a.PortWWN | ForEach-Object { '{0:x2}' -f $_ }) -join ':'
            '{"wwpn":' + (quote $name) + ',"state":' + (quote $a.PortState) + ',"speed":' + (quote $a.PortSpeed) + ',"id":' + (quote $a.PortFcId) + ',"type":' + (quote $a.PortType) + ',"adapter":' + (quote $port.InstanceName) + '}'
        }
    }
    #endregion

    try {
        $items = switch ($operation) { 'read' { read } 'write' { apply } 'state' { state } 'restart' { restart } 'fabric' { fabric } default { stop Operation $operation } }
        $json = '{"os":"Windows","name":' + (quote ([Environment]::MachineName)) + ',"engine":' + (quote $PSVersionTable.PSVersion) + ',"items":[' + (@($items) -join ',') + ']}'
    }
    catch {
        $cause = $_.Exception
        while ($cause.InnerException) { $cause = $cause.InnerException }
        $id = $cause.GetType().Name
        $text = "$($cause.Message)"
        if ($text -match '(?s)^PTG:(\w+):(.*)$') { $id = $matches[1]; $text = $matches[2] }
        $json = '{"error":' + (quote $id) + ',"text":' + (quote $text) + '}'
    }
    $hash = [BitConverter]::ToString([Security.Cryptography.SHA1]::Create().ComputeHash($utf8.GetBytes($json))).Replace('-', '')
    $part = if ([int]$size) { $json.Substring([int]$offset, [Math]::Min([int]$size, $json.Length - [int]$offset)) } else { $json }
    "PTG1:${nonce}:$($json.Length):${offset}:$($part.Length):${hash}:${part}:${nonce}:END"
} '@REQUEST@'
