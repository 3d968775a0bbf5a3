using System.Management.Automation;

namespace PassthroughTools.Tests;

/// <summary>What a script wrote to each stream.</summary>
public sealed class ModuleResult
{
    internal ModuleResult(IEnumerable<PSObject> output, PSDataStreams streams, ErrorRecord? terminating)
    {
        Output = [.. output.Select(item => new OutputObject(item))];
        Terminating = terminating;
        Errors = terminating is null ? [.. streams.Error] : [.. streams.Error, terminating];
        Warnings = [.. streams.Warning.Select(record => record.Message)];
        Verbose = [.. streams.Verbose.Select(record => record.Message)];
        Debug = [.. streams.Debug.Select(record => record.Message)];
        Information = [.. streams.Information.Select(record => record.MessageData?.ToString() ?? "")];
    }

    /// <summary>Objects written.</summary>
    public IReadOnlyList<OutputObject> Output { get; }

    /// <summary>The only object written.</summary>
    public OutputObject Single => Assert.Single(Output);

    /// <summary>All errors; a terminating one is the last.</summary>
    public IReadOnlyList<ErrorRecord> Errors { get; }

    /// <summary>Identifiers of all errors, as in the catalogue: what stands before the comma of <c>FullyQualifiedErrorId</c>.</summary>
    public IReadOnlyList<string> ErrorIds => [.. Errors.Select(record => record.FullyQualifiedErrorId.Split(',')[0])];

    /// <summary>The error that ended the script; null when it ran to its end.</summary>
    public ErrorRecord? Terminating { get; }

    /// <summary>Warnings.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Verbose messages; none unless the script asks for them.</summary>
    public IReadOnlyList<string> Verbose { get; }

    /// <summary>Debug messages; none unless the script asks for them.</summary>
    public IReadOnlyList<string> Debug { get; }

    /// <summary>Information messages.</summary>
    public IReadOnlyList<string> Information { get; }

    /// <summary>Fails with the first error's text when there is one.</summary>
    public ModuleResult ThrowIfFailed()
    {
        if (Errors.Count > 0) Assert.Fail($"{Errors[0].FullyQualifiedErrorId}: {Errors[0]}\n{Errors[0].ScriptStackTrace}");
        return this;
    }
}

/// <summary>An object as a script sees it.</summary>
/// <param name="wrapped">The engine's wrapper.</param>
public sealed class OutputObject(PSObject wrapped)
{
    /// <summary>The object itself.</summary>
    public object? Value => wrapped?.BaseObject;

    /// <summary>Full name of its first type name.</summary>
    public string TypeName => wrapped.TypeNames[0];

    /// <summary>A property by name, unwrapped. An absent one fails the test.</summary>
    /// <param name="property">Name.</param>
    public object? this[string property]
    {
        get
        {
            var found = wrapped.Properties[property];
            Assert.True(found is not null, $"{TypeName} has no property '{property}'.");
            return found.Value is PSObject inner ? inner.BaseObject : found.Value;
        }
    }

    /// <summary>A property by name, converted as a script would (an enumeration to its name, for one).</summary>
    /// <typeparam name="T">Type wanted.</typeparam>
    /// <param name="property">Name.</param>
    public T Get<T>(string property) => LanguagePrimitives.ConvertTo<T>(this[property]);

    /// <inheritdoc/>
    public override string ToString() => wrapped?.ToString() ?? "";
}
