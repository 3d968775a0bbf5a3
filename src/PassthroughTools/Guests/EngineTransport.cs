using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.InteropServices;
using PassthroughTools.Guests;
using PassthroughTools.Vmx;

namespace PassthroughTools;

/// <summary>Runs guest scripts by a command of the session: Invoke-Command, Invoke-VMScript, or here. Only on the pipeline's thread.</summary>
internal abstract class EngineTransport(GuestTarget target, string name, GuestFamily family) : IGuestTransport
{
    public GuestTarget Target => target;

    public string Name => name;

    public GuestFamily Family => family;

    public virtual int? MaximumScript => null;

    public int AnswerSize => 0;

    public virtual string Run(string script, GuestFamily family, TimeSpan timeout, CancellationToken cancellation)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        Build(shell, script, family);
        var isLate = false;
        using var timer = new Timer(_ => { isLate = true; shell.BeginStop(null, null); }, null, timeout, Timeout.InfiniteTimeSpan);
        using var registration = cancellation.Register(() => shell.BeginStop(null, null));
        var output = new List<string>();
        ErrorRecord? failure = null;
        try
        {
            foreach (var item in shell.Invoke()) output.Add(Text(item));
        }
        catch (PipelineStoppedException) when (isLate)
        {
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            failure = e.ErrorRecord;
        }

        cancellation.ThrowIfCancellationRequested();
        if (isLate) throw GuestErrors.Timeout.For(name, name, (int)timeout.TotalSeconds);
        failure ??= shell.Streams.Error.FirstOrDefault();
        var text = string.Join("\n", output);
        return failure is null || text.IndexOf("PTG1:", StringComparison.Ordinal) >= 0 ? text : text + "\n" + Fault(failure);
    }

    /// <summary>The command that runs the script.</summary>
    protected abstract void Build(PowerShell shell, string script, GuestFamily family);

    /// <summary>What the command printed.</summary>
    protected virtual string Text(PSObject? item) => item?.ToString() ?? "";

    /// <summary>What the answer's reader knows by its identifiers is text; what it can't know is thrown.</summary>
    private string Fault(ErrorRecord error)
    {
        var all = error.FullyQualifiedErrorId + " " + error.Exception.GetType().Name + " " + error.Exception.InnerException?.GetType().Name + " " + error;
        if (Has("InvalidGuestLogin") || Has("InvalidLogin")) throw GuestErrors.LoginFailed.Because(error.Exception, name, name);
        if (error.Exception is CommandNotFoundException missing) throw GuestErrors.PowerCliMissing.Because(missing, name, name, missing.CommandName);
        if (Has("PSSecurityException") || Has("about_Execution_Policies") || Has("ScriptsNotAllowed") || Has("NotSupportedInDataSection") || Has("ConstrainedLanguage")) return all;
        throw GuestErrors.TransportFailed.Because(error.Exception, name, name, error.ToString());
        bool Has(string word) => all.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
    }
}

/// <summary>The machine itself: the same script, in this engine; on Linux by sh.</summary>
internal sealed class LocalTransport() : EngineTransport(new GuestTarget(GuestRoute.Local, Environment.MachineName), Environment.MachineName, OwnFamily)
{
#pragma warning disable MA0144 // OperatingSystem tells nothing on netstandard2.0
    private static GuestFamily OwnFamily => RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? GuestFamily.Windows
        : RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? GuestFamily.Linux : GuestFamily.Other;
#pragma warning restore MA0144

    public override string Run(string script, GuestFamily family, TimeSpan timeout, CancellationToken cancellation)
    {
        if (family == GuestFamily.Windows) return base.Run(script, family, timeout, cancellation);
        using var process = Process.Start(new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        using var registration = cancellation.Register(() => End(process));
        var output = Task.Run(process.StandardOutput.ReadToEnd, CancellationToken.None);
        process.StandardInput.Write(script);
        process.StandardInput.Close();
        if (!process.WaitForExit((int)timeout.TotalMilliseconds))
        {
            End(process);
            throw GuestErrors.Timeout.For(Name, Name, (int)timeout.TotalSeconds);
        }

        cancellation.ThrowIfCancellationRequested();
        return output.GetAwaiter().GetResult();
    }

    protected override void Build(PowerShell shell, string script, GuestFamily family) => shell.AddScript(script, useLocalScope: true);

    private static void End(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}

/// <summary>PowerShell remoting, by a session that is open or by the name of a computer.</summary>
internal sealed class RemotingTransport(string computer, System.Management.Automation.Runspaces.PSSession? session, PSCredential? credential)
    : EngineTransport(new GuestTarget(GuestRoute.Remoting, computer), computer, GuestFamily.Unknown)
{
    /// <summary>Piping to a program needs Out-String, which a bare engine has not; this needs nothing.</summary>
    private const string Shell =
        "param($text) $info = [Diagnostics.ProcessStartInfo]::new('/bin/sh'); $info.UseShellExecute = $false; $info.RedirectStandardInput = $info.RedirectStandardOutput = $true; "
        + "$process = [Diagnostics.Process]::Start($info); $process.StandardInput.Write($text); $process.StandardInput.Close(); $process.StandardOutput.ReadToEnd()";

    protected override void Build(PowerShell shell, string script, GuestFamily family)
    {
        shell.AddCommand("Invoke-Command");
        if (session is not null) shell.AddParameter("Session", session);
        else shell.AddParameter("ComputerName", Name);
        if (session is null && credential is not null) shell.AddParameter("Credential", credential);
        if (family == GuestFamily.Linux) shell.AddParameter("ScriptBlock", ScriptBlock.Create(Shell)).AddParameter("ArgumentList", new object[] { script });
        else shell.AddParameter("ScriptBlock", ScriptBlock.Create(script));
    }
}

/// <summary>VMware Tools, by PowerCLI's Invoke-VMScript.</summary>
internal sealed class ToolsTransport(PSObject vm, string id, string name, GuestFamily family, PSCredential? credential)
    : EngineTransport(new GuestTarget(GuestRoute.Tools, id), name, family)
{
    public const string Command = "Invoke-VMScript";

    /// <summary>The script goes to the guest on a command line of cmd.exe, 8191 characters at most, as Base64 of its UTF-16; some are taken by the rest of that line.</summary>
    public override int? MaximumScript => 2800;

    protected override void Build(PowerShell shell, string script, GuestFamily family)
    {
        shell.AddCommand(Command).AddParameter("ScriptText", script).AddParameter("VM", vm.BaseObject is string ? vm.BaseObject : vm)
            .AddParameter("ScriptType", family == GuestFamily.Linux ? "Bash" : "Powershell")
            .AddParameter("Confirm", false).AddParameter("WhatIf", false);
        if (credential is not null) shell.AddParameter("GuestCredential", credential);
    }

    protected override string Text(PSObject? item) => item?.Properties["ScriptOutput"]?.Value?.ToString() ?? item?.ToString() ?? "";
}
