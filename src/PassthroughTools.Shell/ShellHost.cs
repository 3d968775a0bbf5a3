using System.Globalization;
using System.Management.Automation.Host;

namespace PassthroughTools.Shell;

/// <summary>The engine's view of passthru.</summary>
/// <param name="ui">Its user interface.</param>
/// <param name="version">Version of the product.</param>
internal sealed class ShellHost(ShellUserInterface ui, Version version) : PSHost
{
    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override string Name => "passthru";

    /// <inheritdoc/>
    public override Version Version => version;

    /// <inheritdoc/>
    public override PSHostUserInterface UI => ui;

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    /// <summary>What <c>exit</c> asked for; null while nothing did.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw ShellErrors.NoNestedPrompt();

    /// <inheritdoc/>
    public override void ExitNestedPrompt()
    {
        // There is none to leave.
    }

    /// <inheritdoc/>
    public override void NotifyBeginApplication() => ui.LeaveProgress();

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
        // A native command may have left the cursor anywhere; the next line starts where it is.
    }
}
