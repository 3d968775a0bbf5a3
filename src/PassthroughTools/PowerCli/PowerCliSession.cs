using System.Globalization;
using System.Management.Automation;
using PassthroughTools.Vim;

namespace PassthroughTools.PowerCli;

/// <summary>
/// A connection that Connect-VIServer made, through commands of PowerCLI that are found when they are needed; no assembly of VMware's is referenced.
/// Properties of given objects come through the server's own property collector, since Get-View asks for each object on its own. Lives as long as the
/// cmdlet that it was made for, on its pipeline's thread.
/// </summary>
internal sealed partial class PowerCliSession : IVimSession
{
    private const int PageSize = 200;
    private const int LinesAtOnce = 1000;
    private const string HttpsPort = "443";

    private readonly PowerCliCommands _commands;
    private readonly object _server;
    private object? _collector;

    /// <summary>Wraps a connection.</summary>
    /// <param name="cmdlet">Cmdlet that asks.</param>
    /// <param name="server">VIServer of PowerCLI.</param>
    public PowerCliSession(PSCmdlet cmdlet, object server)
    {
        _server = server;
        var name = PowerCliData.Property(server, "Name")?.ToString() ?? server.ToString() ?? "";
        Server = Convert.ToString(PowerCliData.Property(server, "Port"), CultureInfo.InvariantCulture) is { Length: > 0 } port and not HttpsPort ? name + ":" + port : name;
        _commands = new PowerCliCommands(cmdlet, Server);
    }

    /// <inheritdoc/>
    public string Server { get; }

    /// <inheritdoc/>
    public string? User => PowerCliData.Property(_server, "User")?.ToString();

    /// <inheritdoc/>
    public string? ApiVersion => About("apiVersion");

    /// <inheritdoc/>
    public string? InstanceUuid => PowerCliData.Property(_server, "InstanceUuid")?.ToString() is { Length: > 0 } uuid ? uuid : null;

    /// <inheritdoc/>
    public bool IsVirtualCenter => About("apiType") == "VirtualCenter";

    /// <inheritdoc/>
    public IEnumerable<VimObject> RetrieveAll(string type, IReadOnlyList<string> paths, ManagedObject? within, CancellationToken cancellation)
    {
        if (within is { } only && only.Type == type) return Retrieve([only], paths, cancellation);
        cancellation.ThrowIfCancellationRequested();
        var views = _commands.Run("Get-View", "listing " + type, within, ("Server", _server), ("ViewType", type), ("Property", paths.ToArray()), ("SearchRoot", within?.ToString()));
        return views.Select(view => (Reference: PowerCliData.ToReference(PowerCliData.Property(view, "MoRef")), View: view))
            .Where(each => each.Reference is not null).Select(each => new VimObject(each.Reference!.Value, new PowerCliData(each.View)));
    }

    /// <inheritdoc/>
    public IEnumerable<VimObject> Retrieve(IReadOnlyList<ManagedObject> objects, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        for (var start = 0; start < objects.Count; start += PageSize)
        {
            var missing = objects.Skip(start).Take(PageSize).Distinct().ToList();
            foreach (var found in RetrieveBatch([.. missing], paths, cancellation))
            {
                missing.Remove(found.Reference);
                yield return found;
            }

            foreach (var gone in missing) yield return Refused(gone, paths, VimErrors.ObjectGone.For(new VimTarget(Server, gone), $"{gone} of {Server}"));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<string> ReadLog(ManagedObject host, string key, int? mostLines, CancellationToken cancellation)
    {
        const string Operation = "reading its log";
        var owner = _commands.Run("Get-VMHost", Operation, host, ("Server", _server), ("Id", host.ToString())) is [var first, ..] ? first
            : throw VimErrors.ObjectGone.For(new VimTarget(Server, host), $"{host} of {Server}");
        var start = 1L;
        if (mostLines is { } most && Log(int.MaxValue) is { } end && End(end) is > 0 and < int.MaxValue and var last) start = Math.Max(1, last - most + 1);
        while (start <= int.MaxValue)
        {
            cancellation.ThrowIfCancellationRequested();
            var part = Log((int)start);
            var lines = part is null ? [] : PowerCliData.Enumerate(PowerCliData.Property(part, "Entries")).OfType<string>().ToList();
            if (lines.Count == 0) yield break;
            foreach (var line in lines) yield return line;
            start = Math.Max(start + lines.Count, End(part!) + 1);
        }

        object? Log(int from) => _commands.Run("Get-Log", Operation, host, ("Server", _server), ("VMHost", owner), ("Key", key), ("StartLineNum", from), ("NumLines", LinesAtOnce)) is [var answer, ..] ? answer : null;

        static long End(object part) => new PowerCliData(part).Number("EndLineNum") ?? 0;
    }

    private List<VimObject> RetrieveBatch(List<ManagedObject> batch, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        const string Operation = "reading properties";
        while (batch.Count > 0)
        {
            try
            {
                return Pages(batch, paths, Operation, cancellation);
            }
            catch (PassthruException e) when (e.Definition == VimErrors.ObjectGone && e.InnerException is { } cause)
            {
                // A server that does not leave missing objects out names one; the others are asked for again.
                if (PowerCliFault.From(cause).Gone is not { } gone || !batch.Remove(gone)) throw;
            }
        }

        return [];
    }

    private List<VimObject> Pages(List<ManagedObject> batch, IReadOnlyList<string> paths, string operation, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var collector = Collector();
        var types = new PowerCliTypes(collector);
        var properties = batch.Select(one => one.Type).Distinct(StringComparer.Ordinal).Select(type => types.Make("PropertySpec", ("Type", type), ("PathSet", paths.ToArray())));
        var objects = batch.Select(one => types.Make("ObjectSpec", ("Obj", types.Make("ManagedObjectReference", ("Type", one.Type), ("Value", one.Value)))));
        var spec = types.Make("PropertyFilterSpec", ("PropSet", properties.ToList()), ("ObjectSet", objects.ToList()), ("ReportMissingObjectsInResults", true));
        var found = new List<VimObject>();
        var page = _commands.Invoke(collector, "RetrievePropertiesEx", operation, null, types.ArrayOf("PropertyFilterSpec", spec), types.Make("RetrieveOptions", ("MaxObjects", PageSize)));
        while (page is not null)
        {
            found.AddRange(PowerCliData.Enumerate(PowerCliData.Property(page, "Objects")).Select(ToObject).OfType<VimObject>());
            if (PowerCliData.Property(page, "Token")?.ToString() is not { Length: > 0 } token) break;
            if (cancellation.IsCancellationRequested)
            {
                _commands.Invoke(collector, "CancelRetrievePropertiesEx", operation, null, token);
                cancellation.ThrowIfCancellationRequested();
            }

            page = _commands.Invoke(collector, "ContinueRetrievePropertiesEx", operation, null, token);
        }

        return found;
    }

    private VimObject? ToObject(object content)
    {
        if (PowerCliData.ToReference(PowerCliData.Property(content, "Obj")) is not { } reference) return null;
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in PowerCliData.Enumerate(PowerCliData.Property(content, "PropSet")))
        {
            if (PowerCliData.Property(property, "Name") is string name) values[name] = PowerCliData.Property(property, "Val");
        }

        var refused = new Dictionary<string, PassthruException>(StringComparer.Ordinal);
        foreach (var missing in PowerCliData.Enumerate(PowerCliData.Property(content, "MissingSet")))
        {
            if (PowerCliData.Property(missing, "Path") is string path)
                refused[path] = PowerCliFault.FromData(PowerCliData.Property(missing, "Fault")).ToException($"{reference} of {Server}", "reading properties", Server, new VimTarget(Server, reference));
        }

        return new VimObject(reference, new PowerCliProperties(content, reference.Type, values)) { Refused = refused };
    }

    private static VimObject Refused(ManagedObject one, IReadOnlyList<string> paths, PassthruException why) =>
        new(one, new PowerCliProperties(one, one.Type, new Dictionary<string, object?>())) { Refused = paths.Distinct(StringComparer.Ordinal).ToDictionary(path => path, _ => why, StringComparer.Ordinal) };

    private object Collector() => _collector ??= View(Content("propertyCollector"), "reading properties");

    private object View(ManagedObject reference, string operation) =>
        _commands.Run("Get-View", operation, reference, ("Server", _server), ("Id", reference.ToString())) is [var view, ..] ? view
        : throw VimErrors.ObjectGone.For(new VimTarget(Server, reference), $"{reference} of {Server}");

    private ManagedObject Content(string name) =>
        new PowerCliData(_server).Reference("ExtensionData.content." + name) ?? throw LiveErrors.PowerCliUnknown.For(_server, "VIServer", "ExtensionData.Content." + name, "asking the server");

    private string? About(string name) => new PowerCliData(_server).Text("ExtensionData.content.about." + name);
}
