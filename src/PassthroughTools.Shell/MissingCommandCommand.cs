using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;

namespace PassthroughTools.Shell;

/// <summary>Stands in for a command that the bare engine lacks, takes whatever it is given, and says what to use instead.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MissingCommand")]
public sealed class MissingCommandCommand : PSCmdlet
{
    /// <summary>Whatever the command was given.</summary>
    [Parameter(ValueFromRemainingArguments = true)]
    [System.Management.Automation.AllowNull]
    [AllowEmptyCollection]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public object?[]? Rest { get; set; }

    /// <summary>Whatever was piped to it.</summary>
    [Parameter(ValueFromPipeline = true)]
    [System.Management.Automation.AllowNull]
    public object? Piped { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        var name = MyInvocation.MyCommand.Name;
        var message = $"passthru hosts the bare PowerShell engine, which has no '{name}'.";
        ThrowTerminatingError(new ErrorRecord(
            new CommandNotFoundException(message) { CommandName = name }, ShellErrors.CommandNotInEngine, ErrorCategory.ObjectNotFound, name)
        {
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = MissingCommands.AdviceFor(name) },
        });
    }
}
