using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PassthroughTools.Tests;

/// <summary>
/// The real engine in this process, with the staged module imported by its manifest. What a user types is what a test runs.
/// </summary>
/// <remarks>
/// <para>A test class takes it as a class fixture, so that the module is imported once a class:</para>
/// <code>
/// public sealed class VectorListTests(ModuleSession session) : IClassFixture&lt;ModuleSession&gt;
/// {
///     [Fact]
///     public void A_count_is_read_from_the_pipeline()
///     {
///         var result = session.Run("'170' | ConvertFrom-VsishVectorList");   // or: Run("$args[0] | ConvertFrom-VsishVectorList", text)
///         Assert.Empty(result.ErrorIds);
///         Assert.Equal(170, result.Single["Count"]);                          // a property by name; cmdlet types can't be named here
///     }
///
///     [Fact]
///     public void A_missing_file_has_its_own_error() =&gt;
///         Assert.Equal(["InputNotFound"], session.Run("ConvertFrom-VsishVectorList -Path /nope").ErrorIds);
///
///     [Fact]
///     public void A_budget_reads_well_in_100_columns() =&gt;
///         Assert.Contains("Exceeds", session.Render("Get-PassthruEvidence samples/lpe12000-outage | Test-HostVectorBudget", width: 100));
/// }
/// </code>
/// <para>
/// The module's types live in a load context of their own, as they do for a user: a test sees them through their properties and type names.
/// The engine is bare: it has no Select-Object, Get-Content, Write-Error and the like. The current location is the root of the work tree.
/// A session is not for parallel use; xUnit runs the tests of one class one after another.
/// </para>
/// </remarks>
public sealed class ModuleSession : IDisposable
{
    private readonly RecordingHost _host = new();
    private readonly Runspace _runspace;

    /// <summary>Imports the staged module.</summary>
    public ModuleSession()
        : this(Repository.Manifest)
    {
    }

    private ModuleSession(string? manifest)
    {
        _runspace = RunspaceFactory.CreateRunspace(_host, InitialSessionState.CreateDefault2());
        _runspace.Open();
        _runspace.SessionStateProxy.Path.SetLocation(Repository.Root);
        if (manifest is not null) Run("Import-Module -Name $args[0] -Global -ErrorAction Stop", manifest).ThrowIfFailed();
    }

    /// <summary>The answers that the next questions get (<c>ShouldContinue</c>, <c>-Confirm</c>), by index of the choice.</summary>
    public Queue<int> Choices => _host.Choices;

    /// <summary>The questions that were asked so far.</summary>
    public IReadOnlyList<string> Questions => _host.Questions;

    /// <summary>The records of progress that the host got so far.</summary>
    public IReadOnlyList<ProgressRecord> Progress => _host.Progress;

    /// <summary>Opens an engine without the module.</summary>
    public static ModuleSession Bare() => new(null);

    /// <summary>Imports the module from another folder than the stage.</summary>
    /// <param name="moduleFolder">Folder of the manifest.</param>
    public static ModuleSession From(string moduleFolder) => new(Path.Combine(moduleFolder, "PassthroughTools.psd1"));

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script; arguments are <c>$args</c> or its <c>param</c> block.</param>
    /// <param name="arguments">Positional arguments.</param>
    public ModuleResult Run(string script, params object?[] arguments)
    {
        using var shell = Shell(script, arguments);
        ErrorRecord? terminating = null;
        var output = new PSDataCollection<PSObject>();
        try
        {
            shell.Invoke(null, output, new PSInvocationSettings { Host = _host });
        }
        catch (RuntimeException e)
        {
            terminating = e.ErrorRecord;
        }

        return new ModuleResult(output, shell.Streams, terminating);
    }

    /// <summary>Runs a script and renders what it writes, errors included, as the engine renders it on a terminal of a given width.</summary>
    /// <param name="script">The script.</param>
    /// <param name="width">Columns.</param>
    /// <param name="arguments">Positional arguments.</param>
    /// <returns>The text, without escape sequences, lines ended by LF, without blank lines around it.</returns>
    public string Render(string script, int width = 100, params object?[] arguments)
    {
        using var shell = Shell(script, arguments);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        _host.Start(width);
        shell.Invoke(null, new PSInvocationSettings { Host = _host });
        return _host.Text;
    }

    /// <summary>Moves the current location.</summary>
    /// <param name="folder">Full path.</param>
    public void SetLocation(string folder) => _runspace.SessionStateProxy.Path.SetLocation(folder);

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();

    private PowerShell Shell(string script, IEnumerable arguments)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script, useLocalScope: true);
        foreach (var argument in arguments) shell.AddArgument(argument);
        return shell;
    }
}
