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
    public override CultureInfo CurrentCulture { get; } = InEnglish(CultureInfo.CurrentCulture);

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture { get; } = InEnglish(CultureInfo.CurrentUICulture);

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

    private static CultureInfo InEnglish(CultureInfo culture) => culture.Name.Length == 0 ? new InvariantEnglish() : culture;

    /// <summary>
    /// The culture that passthru runs in, on machines without ICU too, with its language told. The engine wraps lines between words only in languages that it knows to have
    /// spaces there, and anywhere in a text of no language.
    /// </summary>
    private sealed class InvariantEnglish() : CultureInfo("")
    {
        public override string TwoLetterISOLanguageName => "en";
    }
}
