using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell;

namespace PassthroughTools.Shell;

/// <summary>One runspace of the real engine, and the pipelines that passthru runs in it, one at a time.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;
    private readonly ShellHost _host;
    private readonly ShellUserInterface _ui;
    private readonly Lock _gate = new();
    private PowerShell? _running;
    private bool _stopped;

    /// <summary>Opens the runspace. Nothing is imported yet.</summary>
    /// <param name="host">The host.</param>
    /// <param name="ui">Its user interface.</param>
    public Engine(ShellHost host, ShellUserInterface ui)
    {
        _host = host;
        _ui = ui;
        var state = InitialSessionState.CreateDefault2();
        // Without pwsh's configuration file the engine would take Windows' strictest policy; this is what pwsh itself starts with there.
        // A policy set by the administrator still wins.
        if (OperatingSystem.IsWindows()) state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        _runspace = RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();
        LeaveOutModulesOfOthers();
        Runspace.DefaultRunspace = _runspace;
        _runspace.SessionStateProxy.InvokeCommand.CommandNotFoundAction = MissingCommands.Advise;
    }

    /// <summary>What <c>$?</c> says after the last command text.</summary>
    public bool Succeeded { get; private set; } = true;

    /// <summary>Runs a command text as if it were typed.</summary>
    /// <param name="text">The text.</param>
    /// <returns>False when a terminating error or a stop ended it.</returns>
    public bool RunText(string text)
    {
        // The engine keeps the text's $? only when the text goes into the history.
        var completed = Run(new Command(text, isScript: true, useLocalScope: false), addToHistory: true);
        Succeeded = completed && Query("$global:?") is [{ BaseObject: true }];
        return completed;
    }

    /// <summary>Runs a script file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>False when a terminating error or a stop ended it.</returns>
    public bool RunFile(string path, IEnumerable<CommandParameter> arguments)
    {
        // Only a .ps1 is a script to the engine; a script with a #! line may have any name.
        var command = path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
            ? new Command(path, isScript: false, useLocalScope: false)
            : new Command(File.ReadAllText(path), isScript: true, useLocalScope: false);
        foreach (var argument in arguments) command.Parameters.Add(argument);
        LetExitReachTheHost();
        return Run(command, addToHistory: false);
    }

    /// <summary>Runs a script for its results; errors are thrown.</summary>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    public IReadOnlyList<PSObject> Query(string script, params object[] arguments)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script, useLocalScope: true);
        foreach (var argument in arguments) shell.AddArgument(argument);
        return shell.Invoke();
    }

    /// <summary>What may stand at a place in a command text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cursor">The place.</param>
    public CommandCompletion Complete(string text, int cursor)
    {
        using var shell = PowerShell.Create(_runspace);
        return CommandCompletion.CompleteInput(text, cursor, [], shell);
    }

    /// <summary>Stops the pipeline that runs; one that has not started yet does not start.</summary>
    /// <param name="forGood">Nothing is to run afterwards either.</param>
    public void Stop(bool forGood)
    {
        lock (_gate)
        {
            _stopped |= forGood;
            _running?.BeginStop(null, null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();

    // Started from pwsh, passthru inherits the path of pwsh's own modules. They fit the engine that they came with and no other: found
    // there, Select-Object would fail to load instead of getting our advice.
    private static void LeaveOutModulesOfOthers()
    {
        const string Variable = "PSModulePath";
        var folders = (Environment.GetEnvironmentVariable(Variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var kept = Array.FindAll(folders, folder => !Directory.Exists(Path.Combine(folder, "Microsoft.PowerShell.Utility")));
        Environment.SetEnvironmentVariable(Variable, string.Join(Path.PathSeparator, kept));
    }

    // 'exit' ends a script file, not the host, unless the engine is told that the file is all that runs. It has no public way to be told;
    // without it the exit code of -File could not be told from that of a native command.
    private void LetExitReachTheHost()
    {
        const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic;
        var context = typeof(Runspace).GetProperty("ExecutionContext", Inner)?.GetValue(_runspace);
        var rethrow = context?.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Inner)
            ?? throw new MissingMemberException("This version of the engine does not let 'exit' reach its host.");
        rethrow.SetValue(context, true);
    }

    private bool Run(Command command, bool addToHistory)
    {
        using var shell = PowerShell.Create(_runspace);
        // Errors take the way of the results, so that both reach the user in the order in which they came.
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.Commands.AddCommand(command).AddCommand("Out-Default");
        lock (_gate)
        {
            if (_stopped) return false;
            _running = shell;
        }

        try
        {
            shell.Invoke(null, new PSInvocationSettings { Host = _host, AddToHistory = addToHistory });
            return true;
        }
        catch (Exception e) when (e is PipelineStoppedException or InvalidPowerShellStateException)
        {
            // The latter when the stop came before the start.
            return false;
        }
        catch (RuntimeException e)
        {
            Report(e.ErrorRecord);
            return false;
        }
        finally
        {
            lock (_gate) _running = null;
        }
    }

    // Shows an error that ended the pipeline the way the engine shows any error.
    private void Report(ErrorRecord error)
    {
        if (error is { InvocationInfo: null, Exception: ParentContainsErrorRecordException, CategoryInfo.Category: ErrorCategory.ParserError })
        {
            // A text that ends too early has no position in its record, and the engine's view shows nothing without one.
            _host.UI.WriteErrorLine("ParserError: " + error);
            return;
        }

        using var shell = PowerShell.Create(_runspace);
        shell.AddCommand("Out-Default").AddParameter("InputObject", error);
        // To Out-Default it is an object like any other; that it is an error only we know.
        using (_ui.WriteToStandardError())
        {
            shell.Invoke(null, new PSInvocationSettings { Host = _host });
        }
    }
}
