using System.Collections.Frozen;
using System.Management.Automation;

namespace PassthroughTools.Shell;

/// <summary>
/// The commands of PowerShell's own modules (Utility, Management, Security and others) that a bare engine lacks, each with what does
/// its work here.
/// </summary>
internal static class MissingCommands
{
    private const string InPwsh = "There is no substitute in the engine: run the script in pwsh.";
    private const string Formatting = "Write the objects as they are: passthru renders them as PowerShell does. For a text of your own, use the -f operator.";
    private const string Registry = "Use [Microsoft.Win32.Registry]::GetValue(key, name, default) and SetValue.";
    private const string Variables = "Use the variable itself: $name = value, $script:name, $null; list them with $ExecutionContext.InvokeProvider.ChildItem.Get('Variable:', $false).";
    private const string Moving = "Use [System.IO.File]::Move(from, to) or [System.IO.Directory]::Move(from, to).";
    private const string Services = "Use the program of the system (sc.exe, systemctl), or run the script in pwsh.";
    private const string Breakpoints = "There is no debugger here: run the script in pwsh.";
    private const string Secrets = "Use [System.Security.Cryptography] classes, or run the script in pwsh.";

    private static readonly FrozenDictionary<string, string> Advices = Table().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of all commands that advice is given for.</summary>
    public static IEnumerable<string> Names => Advices.Keys;

    /// <summary>Answers the engine's question for a command that it did not find.</summary>
    /// <param name="sender">The engine.</param>
    /// <param name="lookup">The question.</param>
    public static void Advise(object? sender, CommandLookupEventArgs lookup)
    {
        var name = lookup.CommandName[(lookup.CommandName.LastIndexOf('\\') + 1)..];
        if (!Advices.ContainsKey(name)) return;
        lookup.Command = new CmdletInfo(name, typeof(MissingCommandCommand));
        lookup.StopSearch = true;
    }

    /// <summary>What to use instead of a command.</summary>
    /// <param name="name">Name of the command.</param>
    public static string AdviceFor(string name) => Advices.GetValueOrDefault(name, InPwsh);

    private static Dictionary<string, string> Table()
    {
        var table = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        void Add(string advice, params string[] names)
        {
            foreach (var name in names) table.Add(name, advice);
        }

        // Objects in the pipeline
        Add("Use ForEach-Object { [pscustomobject]@{ Name = $_.Name } } to choose properties, and @(...)[0..2] or [-1] to choose objects.", "Select-Object");
        Add("Use [System.Linq.Enumerable]::OrderBy([object[]]$items, [Func[object,object]]{ $args[0].Name }), or [Array]::Sort($keys, $items).", "Sort-Object");
        Add("Collect into a hashtable: ForEach-Object { $groups[$_.Name] += @($_) }.", "Group-Object");
        Add("Use @(...).Count, or add up in ForEach-Object.", "Measure-Object");
        Add("Use [System.Collections.Generic.HashSet[object]], or the -notin operator.", "Compare-Object", "Get-Unique");
        Add("Use [pscustomobject]@{ Name = 'value' }, or [TypeName]::new(arguments).", "New-Object");
        Add("Use $object.psobject.Properties.Add([psnoteproperty]::new('Name', value)), or make a [pscustomobject].", "Add-Member", "Update-List");
        Add("Use $object.psobject.Properties.Name and $object.psobject.Methods.Name.", "Get-Member");
        Add("Assign to a variable and write it: ($copy = command).", "Tee-Object");
        Add("Write the expression itself; it goes to the output.", "Write-Output");
        Add("Use [System.Diagnostics.Stopwatch]::StartNew() and its Elapsed.", "Measure-Command");
        Add("Use & { ... } for a script block, & $name for a command name.", "Invoke-Expression");
        Add("Use [System.Reflection.Assembly]::LoadFrom(path) for an assembly; source code can't be compiled here.", "Add-Type");

        // Text
        Add(Formatting, "Format-Table", "Format-List", "Format-Wide", "Format-Custom", "Format-Hex", "Get-FormatData", "Update-FormatData", "Export-FormatData");
        Add("Use \"$object\" or the -f operator for a text; for the rendered table, redirect passthru's standard output.", "Out-String");
        Add("Use the -join operator.", "Join-String");
        Add("Use the -match operator, or [regex]::Matches(text, pattern).", "Select-String");
        Add("Use $xml.SelectNodes(xpath) on [xml]$text.", "Select-Xml", "ConvertTo-Xml");
        Add("Use [System.Text.Json.JsonDocument]::Parse(text).RootElement.", "ConvertFrom-Json", "Test-Json");
        Add("Use [System.Text.Json.JsonSerializer]::Serialize(value) on dictionaries, lists, strings and numbers.", "ConvertTo-Json");
        Add("Use the -split and -join operators.", "ConvertFrom-Csv", "ConvertTo-Csv", "Import-Csv", "Export-Csv", "ConvertFrom-StringData");
        Add("Use [System.Management.Automation.PSSerializer]::Serialize(object) and Deserialize(text).", "Export-Clixml", "Import-Clixml", "ConvertTo-CliXml", "ConvertFrom-CliXml");
        Add("Use [System.Management.Automation.Language.Parser]::ParseFile(...) and SafeGetValue().", "Import-PowerShellDataFile", "Import-LocalizedData");
        Add(InPwsh, "ConvertTo-Html", "ConvertFrom-Markdown", "Show-Markdown", "Get-MarkdownOption", "Set-MarkdownOption", "ConvertFrom-SddlString");

        // Messages
        Add("Use $Host.UI.WriteLine(text), or write the text to the output.", "Write-Host");
        Add("Use $PSCmdlet.WriteError(record) in a function with [CmdletBinding()], or throw.", "Write-Error");
        Add("Use $PSCmdlet.WriteWarning(text) in a function or script with [CmdletBinding()].", "Write-Warning");
        Add("Use $PSCmdlet.WriteVerbose(text) in a function or script with [CmdletBinding()].", "Write-Verbose");
        Add("Use $PSCmdlet.WriteDebug(text) in a function or script with [CmdletBinding()].", "Write-Debug");
        Add("Use $PSCmdlet.WriteInformation(text, @()) in a function or script with [CmdletBinding()].", "Write-Information");
        Add("Use $PSCmdlet.WriteProgress(record) in a function or script with [CmdletBinding()].", "Write-Progress");
        Add("Use $Host.UI.ReadLine(), or a parameter.", "Read-Host");
        Add("Use $Error[0].", "Get-Error");
        Add("Use $Host.", "Get-Host");
        Add("Redirect passthru's output.", "Start-Transcript", "Stop-Transcript");

        // Files
        Add("Use [System.IO.File]::ReadAllLines(path) or ReadAllText(path); our own commands take -Path.", "Get-Content");
        Add("Use [System.IO.File]::WriteAllLines(path, lines) or WriteAllText(path, text).", "Set-Content", "Clear-Content", "New-TemporaryFile", "New-TemporaryDirectory");
        Add("Use [System.IO.File]::WriteAllLines(path, lines), or redirect passthru's output; the > operator needs Out-File, too.", "Out-File");
        Add("Use [System.IO.File]::AppendAllLines(path, lines).", "Add-Content");
        Add("Use [System.IO.Directory]::GetFileSystemEntries(path), GetFiles or GetDirectories.", "Get-ChildItem");
        Add("Use [System.IO.FileInfo]::new(path), or [Environment]::GetEnvironmentVariable(name).", "Get-Item");
        Add("Use [System.IO.Directory]::CreateDirectory(path) or [System.IO.File]::WriteAllText(path, text).", "New-Item");
        Add("Use [System.IO.File]::Delete(path) or [System.IO.Directory]::Delete(path, $true).", "Remove-Item", "Clear-Item");
        Add("Use [System.IO.File]::Copy(from, to).", "Copy-Item");
        Add(Moving, "Move-Item", "Rename-Item");
        Add("Assign: $env:NAME = value, $variable = value.", "Set-Item");
        Add("Start the program by its name; xdg-open or explorer.exe opens a file.", "Invoke-Item");
        Add("Use [System.IO.File]::Exists(path) or [System.IO.Directory]::Exists(path).", "Test-Path");
        Add("Use [System.IO.Path]::Combine(folder, name).", "Join-Path");
        Add("Use [System.IO.Path]::GetDirectoryName(path) and GetFileName(path).", "Split-Path");
        Add("Use $ExecutionContext.SessionState.Path.GetResolvedProviderPathFromPSPath(path, [ref]$null), or [System.IO.Path]::GetFullPath(path).", "Resolve-Path", "Convert-Path");
        Add("Use $PWD.", "Get-Location");
        Add("Use $ExecutionContext.SessionState.Path.SetLocation(path).", "Set-Location");
        Add("Use $ExecutionContext.SessionState.Path.PushCurrentLocation('') and PopLocation('').", "Push-Location", "Pop-Location");
        Add("Use $ExecutionContext.SessionState.Drive.GetAll().", "Get-PSDrive", "New-PSDrive", "Remove-PSDrive");
        Add("Use $ExecutionContext.SessionState.Provider.GetAll().", "Get-PSProvider");
        Add("Use [System.Security.Cryptography.SHA256]::HashData(bytes).", "Get-FileHash");
        Add(Registry, "Get-ItemProperty", "Get-ItemPropertyValue", "Set-ItemProperty", "New-ItemProperty", "Remove-ItemProperty", "Clear-ItemProperty",
            "Copy-ItemProperty", "Move-ItemProperty", "Rename-ItemProperty");
        Add(InPwsh, "Unblock-File", "Get-Acl", "Set-Acl", "Clear-RecycleBin", "Get-Clipboard", "Set-Clipboard", "Out-GridView", "Out-Printer", "Show-Command");

        // Time, chance, system
        Add("Use [DateTime]::Now or [DateTime]::UtcNow.", "Get-Date", "Set-Date");
        Add("Use [TimeSpan]::FromMinutes(n), or subtract two dates.", "New-TimeSpan");
        Add("Use [System.Threading.Thread]::Sleep(milliseconds).", "Start-Sleep");
        Add("Use [Environment]::TickCount64.", "Get-Uptime");
        Add("Use [TimeZoneInfo]::Local.", "Get-TimeZone", "Set-TimeZone");
        Add("Use [System.Globalization.CultureInfo]::CurrentCulture or CurrentUICulture.", "Get-Culture", "Get-UICulture");
        Add("Use [guid]::NewGuid().", "New-Guid");
        Add("Use [Random]::Shared.Next(max).", "Get-Random");
        Add("Use [System.Security.Cryptography.RandomNumberGenerator]::GetInt32(max).", "Get-SecureRandom");
        Add("Use [System.Diagnostics.Process]::GetProcesses(), or $PID.", "Get-Process", "Debug-Process");
        Add("Use [System.Diagnostics.Process]::GetProcessById(id).Kill() or WaitForExit().", "Stop-Process", "Wait-Process");
        Add("Call the program by its name, or use [System.Diagnostics.Process]::Start(...).", "Start-Process");
        Add(Services, "Get-Service", "Start-Service", "Stop-Service", "Restart-Service", "Suspend-Service", "Resume-Service", "Set-Service", "New-Service",
            "Remove-Service", "Stop-Computer", "Restart-Computer", "Rename-Computer", "Get-ComputerInfo", "Get-HotFix", "Get-WinEvent", "New-WinEvent", "Get-Counter");
        Add("Use [System.Net.NetworkInformation.Ping]::new().Send(name).", "Test-Connection");
        Add("Use [System.Net.Http.HttpClient]::new().GetStringAsync(uri).GetAwaiter().GetResult().", "Invoke-WebRequest", "Invoke-RestMethod");
        Add("Use [System.Net.Mail.SmtpClient], or the program of the system.", "Send-MailMessage");
        Add(InPwsh, "Get-CimInstance", "Get-CimClass", "Get-CimSession", "Get-CimAssociatedInstance", "Invoke-CimMethod", "New-CimInstance", "New-CimSession",
            "New-CimSessionOption", "Register-CimIndicationEvent", "Remove-CimInstance", "Remove-CimSession", "Set-CimInstance", "Export-BinaryMiLog",
            "Import-BinaryMiLog", "Test-WSMan", "Connect-WSMan", "Disconnect-WSMan", "Get-WSManInstance", "Set-WSManInstance", "New-WSManInstance",
            "Remove-WSManInstance", "Invoke-WSManAction", "New-WSManSessionOption", "Enable-WSManCredSSP", "Disable-WSManCredSSP", "Get-WSManCredSSP", "Set-WSManQuickConfig");

        // Language and session
        Add(Variables, "Get-Variable", "Set-Variable", "New-Variable", "Remove-Variable", "Clear-Variable");
        Add("Use Get-Command -CommandType Alias to list them; write a function instead of a new one.", "Get-Alias", "Set-Alias", "New-Alias", "Remove-Alias", "Import-Alias", "Export-Alias");
        Add("Use [System.Management.Automation.VerbsCommon].GetFields().Name and its siblings.", "Get-Verb");
        Add(InPwsh, "Get-TypeData", "Update-TypeData", "Remove-TypeData", "Export-PSSession", "Import-PSSession", "Trace-Command", "Get-TraceSource", "Set-TraceSource");
        Add("Use $object.add_EventName({ ... }).", "Register-ObjectEvent", "Register-EngineEvent", "Unregister-Event", "Get-Event", "New-Event", "Remove-Event", "Wait-Event", "Get-EventSubscriber");
        Add(Breakpoints, "Set-PSBreakpoint", "Get-PSBreakpoint", "Remove-PSBreakpoint", "Enable-PSBreakpoint", "Disable-PSBreakpoint", "Wait-Debugger",
            "Debug-Runspace", "Get-Runspace", "Enable-RunspaceDebug", "Disable-RunspaceDebug", "Get-RunspaceDebug");
        Add("Use $_.ScriptStackTrace of the error, or $MyInvocation.", "Get-PSCallStack");

        // Security
        Add("Use $Host.UI.PromptForCredential('', '', '', ''), or [pscredential]::new(user, securestring).", "Get-Credential");
        Add("Use [System.Net.NetworkCredential]::new('', text).SecurePassword, and its Password the other way.", "ConvertTo-SecureString", "ConvertFrom-SecureString");
        Add("The policy of a running passthru is fixed; on Windows an administrator sets it by group policy.", "Get-ExecutionPolicy", "Set-ExecutionPolicy");
        Add(Secrets, "Get-PfxCertificate", "Get-CmsMessage", "Protect-CmsMessage", "Unprotect-CmsMessage", "Get-AuthenticodeSignature", "Set-AuthenticodeSignature",
            "New-FileCatalog", "Test-FileCatalog");
        return table;
    }
}
