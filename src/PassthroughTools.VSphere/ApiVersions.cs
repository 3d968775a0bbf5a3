using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <summary>Chooses the version of the API to speak: the newest that the server offers and that is known here.</summary>
internal static class ApiVersions
{
    /// <summary>Spoken to servers that are newer than anything known here.</summary>
    public const string NewestKnown = "9.0.0.0";

    private const string Namespace = "urn:vim25";
    private static readonly Version Oldest = new(6, 5);
    private static readonly Version FirstUnknown = new(10, 0);

    /// <summary>Chooses from <c>vimServiceVersions.xml</c>.</summary>
    /// <param name="server">Server, for the error.</param>
    /// <param name="root">Its root element; each namespace in it has a version and prior versions.</param>
    public static string Choose(string server, VimElement root)
    {
        var offered = root.Children.Where(space => space.Name == "namespace" && space.Text("name") == Namespace)
            .SelectMany(space => space.Texts("version").Concat(space.Data("priorVersions")?.Texts("version") ?? []))
            .Select(text => (Text: text, Version: Parse(text))).Where(entry => entry.Version is not null)
            .OrderByDescending(entry => entry.Version).ToList();
        if (offered.Count == 0) throw VimConnectionErrors.NotVSphere.For(server, server, "it does not say which versions of the API it speaks");
        if (offered[0].Version < Oldest) throw VimConnectionErrors.VersionUnsupported.For(server, server, offered[0].Text);
        return offered.FirstOrDefault(entry => entry.Version < FirstUnknown && entry.Version >= Oldest).Text ?? NewestKnown;
    }

    // Development versions have other forms; nobody should get one by accident.
    private static Version? Parse(string text) => Version.TryParse(text, out var version) ? version : null;
}
