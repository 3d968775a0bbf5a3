using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Reflection;
using PassthroughTools.Completion;

namespace PassthroughTools.Commands;

/// <summary>Lists the errors that the module can raise: identifier, category, message, and what to do about it.</summary>
[Cmdlet(VerbsCommon.Get, "PassthruError")]
[OutputType(typeof(ErrorEntry))]
public sealed class GetPassthruErrorCommand : PassthruCmdlet
{
    /// <summary>Identifiers of errors, also as FullyQualifiedErrorId has them; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullyQualifiedErrorId")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ErrorIdCompleter))]
    [SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
    public string[] Id { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var catalogue = Catalogue();
        foreach (var id in Id)
        {
            // "InputNotFound,PassthroughTools.Commands.…" is what a user can copy from an error.
            var name = id.Split(',')[0];
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            var found = catalogue.FindAll(definition => pattern.IsMatch(definition.Id));
            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name)) WriteError(CatalogueErrors.NotFound.For(id, name).ToErrorRecord(id));
            foreach (var definition in found)
                WriteObject(new ErrorEntry(definition.Id, definition.Kind, definition.Message, definition.Advice, "about_PassthroughTools_Errors"));
        }
    }

    /// <summary>All errors, by identifier.</summary>
    internal static List<ErrorDefinition> Catalogue() => [.. Assemblies().SelectMany(ErrorCatalog.Find).OrderBy(definition => definition.Id, StringComparer.Ordinal)];

    /// <summary>The module's own assemblies: this one and those that it is built on.</summary>
    private static IEnumerable<Assembly> Assemblies()
    {
        // Loaded from a lambda of this assembly: the runtime looks in the load context of the caller.
        var own = typeof(GetPassthruErrorCommand).Assembly;
        return own.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("PassthroughTools", StringComparison.Ordinal)).Select(name => Assembly.Load(name)).Prepend(own);
    }
}
