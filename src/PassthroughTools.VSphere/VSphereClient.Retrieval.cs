using System.Globalization;
using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <content>Properties through the property collector.</content>
public sealed partial class VSphereClient
{
    // A call that names a missing object fails as a whole on servers that don't leave it out; after so many such calls the batch is halved.
    private const int MostRetries = 4;

    /// <inheritdoc/>
    public IEnumerable<VimObject> RetrieveAll(string type, IReadOnlyList<string> paths, ManagedObject? within, CancellationToken cancellation)
    {
        // A view never holds its own container.
        if (within is { } only && only.Type == type) return Retrieve([only], paths, cancellation);
        return RetrieveView(type, paths, within ?? Manager("rootFolder"), cancellation);
    }

    /// <inheritdoc/>
    public IEnumerable<VimObject> Retrieve(IReadOnlyList<ManagedObject> objects, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        for (var start = 0; start < objects.Count; start += _options.PageSize)
        {
            var batch = objects.Skip(start).Take(_options.PageSize).Distinct().ToList();
            var missing = new HashSet<ManagedObject>(batch);
            foreach (var found in RetrieveBatch(batch, paths, cancellation))
            {
                missing.Remove(found.Reference);
                yield return found;
            }

            foreach (var gone in batch.Where(missing.Contains)) yield return Refused(gone, paths, VimErrors.ObjectGone.For(Target(gone), Subject(gone)));
        }
    }

    private IEnumerable<VimObject> RetrieveView(string type, IReadOnlyList<string> paths, ManagedObject container, CancellationToken cancellation)
    {
        var create = new SoapRequest("CreateContainerView", Manager("viewManager"))
            .Reference("container", container).Text("type", type).Flag("recursive", true);
        var view = AskOf(container, "listing " + type, create, cancellation) is [var returned] && returned.AsReference is { } reference
            ? reference
            : throw VimConnectionErrors.AnswerUnreadable.For(Server, Server, "answering CreateContainerView", "no view was returned");
        try
        {
            var request = Collect(spec => spec
                .Data("propSet", properties => Properties(properties, type, paths))
                .Data("objectSet", root => root
                    .Reference("obj", view)
                    .Flag("skip", true)
                    .Data("selectSet", traversal => traversal
                        .Text("name", "view").Text("type", "ContainerView").Text("path", "view").Flag("skip", false), "TraversalSpec")));
            foreach (var page in Pages(container, type, request, cancellation))
            {
                foreach (var found in page) yield return ToObject(found);
            }
        }
        finally
        {
            TidyUp(new SoapRequest("DestroyView", view));
        }
    }

    private List<VimObject> RetrieveBatch(List<ManagedObject> batch, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var refused = new List<VimObject>();
        for (var retries = 0; batch.Count > 0; retries++)
        {
            SoapFault fault;
            try
            {
                // Nothing is handed on before the last page: a batch that fails half way is asked for again.
                var found = Pages(null, batch[0].Type, Collect(spec => Objects(spec, batch, paths)), cancellation).SelectMany(page => page.Select(ToObject)).ToList();
                return [.. found, .. refused];
            }
            catch (SoapFaultException e) when ((e.Fault.IsGone || e.Fault.IsDenied) && (batch.Count == 1 || (e.Fault.Object is { } named && batch.Contains(named))))
            {
                fault = e.Fault;
            }
            catch (SoapFaultException e)
            {
                throw e.Fault.ToException(Server, "reading properties", Server, Server);
            }

            if (retries == MostRetries && batch.Count > 1)
            {
                var half = batch.Count / 2;
                var first = RetrieveBatch(batch.GetRange(0, half), paths, cancellation);
                return [.. first, .. RetrieveBatch(batch.GetRange(half, batch.Count - half), paths, cancellation), .. refused];
            }

            var one = batch.Count == 1 ? batch[0] : fault.Object!.Value;
            batch.Remove(one);
            refused.Add(Refused(one, paths, Exception(fault, one)));
        }

        return refused;
    }

    private IEnumerable<IReadOnlyList<VimElement>> Pages(ManagedObject? on, string type, SoapRequest request, CancellationToken cancellation)
    {
        string? token = null;
        try
        {
            for (var number = 1; ; number++)
            {
                var page = AskPage(on, $"{type}, page {number.ToString(CultureInfo.InvariantCulture)}", request, cancellation);
                token = page?.Text("token") is { Length: > 0 } next ? next : null;
                if (page is not null) yield return page.All("objects");
                if (token is null) yield break;
                request = new SoapRequest("ContinueRetrievePropertiesEx", Manager("propertyCollector")).Text("token", token);
            }
        }
        finally
        {
            if (token is not null) TidyUp(new SoapRequest("CancelRetrievePropertiesEx", Manager("propertyCollector")).Text("token", token));
        }
    }

    private VimElement? AskPage(ManagedObject? on, string what, SoapRequest request, CancellationToken cancellation)
    {
        try
        {
            return Ask(request, what, cancellation) is [var page, ..] ? page : null;
        }
        catch (SoapFaultException e) when (on is not null)
        {
            throw e.Fault.ToException(Subject(on.Value), "reading properties", Server, Target(on.Value));
        }
    }

    private SoapRequest Collect(Action<SoapRequest> spec) => new SoapRequest("RetrievePropertiesEx", Manager("propertyCollector"))
        .Data("specSet", spec)
        .Data("options", options => options.Number("maxObjects", _options.PageSize));

    private static void Objects(SoapRequest spec, List<ManagedObject> objects, IReadOnlyList<string> paths)
    {
        foreach (var type in objects.Select(one => one.Type).Distinct(StringComparer.Ordinal)) spec.Data("propSet", properties => Properties(properties, type, paths));
        foreach (var one in objects) spec.Data("objectSet", item => item.Reference("obj", one));
        // Missing objects are then left out, where the server knows how to.
        spec.Flag("reportMissingObjectsInResults", true);
    }

    private static void Properties(SoapRequest properties, string type, IReadOnlyList<string> paths)
    {
        properties.Text("type", type).Flag("all", false);
        foreach (var path in paths) properties.Text("pathSet", path);
    }

    private VimObject ToObject(VimElement content)
    {
        var reference = content.Reference("obj")
            ?? throw VimConnectionErrors.AnswerUnreadable.For(Server, Server, "answering RetrievePropertiesEx", "an object has no reference");
        var values = content.Children.Where(child => child.Name == "propSet")
            .Select(property => (Name: property.Text("name"), Value: property.First("val"))).Where(property => property is { Name: not null, Value: not null })
            .Select(property => new KeyValuePair<string, VimElement>(property.Name!, property.Value!)).ToArray();
        var properties = new VimProperties(reference.Type, "", values);
        var refused = new Dictionary<string, PassthruException>(StringComparer.Ordinal);
        foreach (var missing in content.Children.Where(child => child.Name == "missingSet"))
        {
            if (missing.Text("path") is { } path && missing.First("fault") is { } fault) refused[path] = Exception(SoapFault.FromData(fault), reference);
        }

        return refused.Count == 0 ? new VimObject(reference, properties) : new VimObject(reference, properties) { Refused = refused };
    }

    private static VimObject Refused(ManagedObject one, IReadOnlyList<string> paths, PassthruException why) => new(one, new VimProperties(one.Type, "", []))
    {
        Refused = paths.Distinct(StringComparer.Ordinal).ToDictionary(path => path, _ => why, StringComparer.Ordinal),
    };

    private PassthruException Exception(SoapFault fault, ManagedObject of) => fault.ToException(Subject(of), "reading properties", Server, Target(of));

    // What is left behind on the server goes with the session; failing to remove it earlier must not hide why the caller stops.
    private void TidyUp(SoapRequest request)
    {
        try
        {
            Ask(request, "", CancellationToken.None);
        }
        catch (Exception e) when (e is PassthruException or SoapFaultException)
        {
            VimTrace.Write($"{Server}: {request.Method} failed");
        }
    }
}
