using System.Globalization;
using System.Text.Json;
using PassthroughTools.Vmx;

namespace PassthroughTools.Guests;

/// <summary>Asks a guest by its script: sends the request, in stages where the way needs it, and puts the answer together.</summary>
internal sealed class GuestClient(IGuestTransport transport, TimeSpan timeout, CancellationToken cancellation)
{
    private const int FirstSmallerSize = 16384;
    private const int LeastSize = 512;
    private const int MostParts = 4096;

    /// <summary>The guest's name.</summary>
    public string Guest => transport.Name;

    /// <summary>Family, as known beforehand or as the guest answered.</summary>
    public GuestFamily Family { get; private set; } = transport.Family;

    /// <summary>Folder that stands for the root of a Linux guest's file system; for tests.</summary>
    public string LinuxRoot { get; init; } = "";

    /// <summary>Asks for something that can be asked again. An answer that is cut off is asked for again in smaller parts.</summary>
    /// <param name="operation">Operation.</param>
    /// <param name="items">Its items.</param>
    /// <exception cref="PassthruException">Any of <see cref="GuestErrors"/>.</exception>
    public JsonElement Ask(string operation, IReadOnlyList<IReadOnlyList<string?>> items)
    {
        for (var size = transport.AnswerSize; ;)
        {
            try
            {
                return Read(Collect(operation, items, size));
            }
            catch (PassthruException e) when (e.Definition == GuestErrors.AnswerTruncated && (size == 0 || size > LeastSize))
            {
                size = size == 0 ? FirstSmallerSize : size / 4;
            }
        }
    }

    /// <summary>Asks for something that is done, once: the answer is short, and nothing is asked again.</summary>
    /// <param name="operation">Operation.</param>
    /// <param name="items">Its items.</param>
    /// <exception cref="PassthruException">Any of <see cref="GuestErrors"/>.</exception>
    public JsonElement Do(string operation, IReadOnlyList<IReadOnlyList<string?>> items) => Read(Collect(operation, items, 0));

    private string Collect(string operation, IReadOnlyList<IReadOnlyList<string?>> items, int size)
    {
        var request = new GuestRequest(operation, items);
        var parts = new List<GuestAnswer>();
        var have = 0;
        do
        {
            var answer = GuestAnswer.Parse(Send(request, have, size), request.Nonce, Guest);
            if (parts.Count > 0 && (answer.Hash != parts[0].Hash || answer.Total != parts[0].Total)) throw GuestErrors.AnswerChanged.For(null, Guest);
            if (answer.Offset != have || (answer.Part.Length == 0 && answer.Total > have) || parts.Count > MostParts)
                throw GuestErrors.AnswerDamaged.For(null, Guest, "its parts do not follow one another");
            parts.Add(answer);
            have += answer.Part.Length;
        }
        while (have < parts[0].Total);
        return GuestAnswer.Join(parts, Guest);
    }

    private string Send(GuestRequest request, int offset, int size)
    {
        var text = request.Encode(offset, size, Guest);
        if (Family == GuestFamily.Linux) return Run(GuestScripts.ForLinux(text, SafeRoot()));
        var script = GuestScripts.ForWindows(text);
        if (transport.MaximumScript is not { } maximum || script.Length <= maximum) return OrLinux(Run(script), request, offset, size);
        var stages = GuestScripts.Pack(request.Operation, text, request.Nonce, maximum);
        for (var i = 0; i < stages.Count - 1; i++)
        {
            var output = Run(stages[i]);
            if (output.IndexOf(FormattableString.Invariant($"PTG1:{request.Nonce}:stage:{i + 1}:END"), StringComparison.Ordinal) < 0) GuestAnswer.Parse(output, request.Nonce, Guest);
        }

        var answer = Run(stages[stages.Count - 1]);
        return answer.IndexOf(":stage:bad:END", StringComparison.Ordinal) < 0 ? OrLinux(answer, request, offset, size) : throw GuestErrors.AnswerDamaged.For(null, Guest, "the script did not arrive as it was sent");
    }

    /// <summary>A guest whose family was not known may turn out to be Linux with PowerShell 7.</summary>
    private string OrLinux(string output, GuestRequest request, int offset, int size)
    {
        if (output.IndexOf("PTG1:" + request.Nonce + ":family:Linux:END", StringComparison.Ordinal) < 0) return output;
        Family = GuestFamily.Linux;
        if (request.Operation is not ("read" or "fabric")) throw GuestErrors.WrongFamily.For(transport, Guest, Family);
        return Send(request, offset, size);
    }

    private string Run(string script)
    {
        cancellation.ThrowIfCancellationRequested();
        return transport.Run(script, Family, timeout, cancellation);
    }

    /// <summary>The folder goes into the script as it is, so it must be harmless there.</summary>
    private string SafeRoot() => LinuxRoot.All(character => char.IsLetterOrDigit(character) || character is '/' or '-' or '_' or '.')
        ? LinuxRoot
        : throw GuestErrors.RequestInvalid.For(LinuxRoot, Guest, LinuxRoot);

    private JsonElement Read(string json)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(json);
            root = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw GuestErrors.AnswerDamaged.Because(e, null, Guest, "it is no JSON");
        }

        if (root.ValueKind != JsonValueKind.Object) throw GuestErrors.AnswerDamaged.For(null, Guest, "it is no object");
        if (root.TryGetProperty("error", out var id)) throw Failure(id.GetString() ?? "", root.TryGetProperty("text", out var text) ? text.GetString() ?? "" : "");
        if (!root.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array) throw GuestErrors.AnswerDamaged.For(null, Guest, "it has no items");
        return items;
    }

    private PassthruException Failure(string id, string text) => id switch
    {
        "NotPci" => GuestErrors.NotPci.For(text, Guest, text),
        "NoDevice" => GuestErrors.DeviceNotFound.For(text, Guest, text),
        "NoKey" => GuestErrors.KeyMissing.For(text, Guest, text),
        "NotEmpty" => GuestErrors.KeyNotEmpty.For(text, Guest, text),
        "Changed" => GuestErrors.ValueChanged.For(text, Guest, text),
        "BootDisk" => GuestErrors.BootDisk.For(text, Guest, text),
        "NoRestart" or "RestartFailed" => GuestErrors.RestartFailed.For(text, Guest, text),
        "NoWmi" => GuestErrors.WmiMissing.For(text, Guest),
        "SecurityException" or "UnauthorizedAccessException" => GuestErrors.NotElevated.For(null, Guest, text),
        _ => GuestErrors.ScriptFailed.For(null, Guest, string.Format(CultureInfo.InvariantCulture, "{0}: {1}", id, text)),
    };
}
