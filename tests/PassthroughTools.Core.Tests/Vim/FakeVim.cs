using System.Globalization;
using PassthroughTools.Vim;

namespace PassthroughTools.Tests.Vim;

/// <summary>A data object out of names and values; a nested one is a value, an array is an array.</summary>
internal sealed class FakeData(string type, params (string Path, object? Value)[] values) : VimData
{
    public override string TypeName => type;

    public override string? Text(string path) => Get(path) switch { null => null, bool flag => flag ? "true" : "false", FakeData or Array => null, var value => Convert.ToString(value, CultureInfo.InvariantCulture) };

    public override long? Number(string path) => Get(path) is IConvertible and not string and not bool and var number ? Convert.ToInt64(number, CultureInfo.InvariantCulture) : null;

    public override bool? Flag(string path) => Get(path) as bool?;

    public override DateTimeOffset? Time(string path) => Get(path) as DateTimeOffset?;

    public override VimData? Data(string path) => Get(path) as FakeData;

    public override IReadOnlyList<VimData> List(string path) => Get(path) as FakeData[] ?? [];

    public override IReadOnlyList<string> Texts(string path) => Get(path) as string[] ?? [];

    public override ManagedObject? Reference(string path) => Get(path) as ManagedObject?;

    public override IReadOnlyList<ManagedObject> References(string path) => Get(path) as ManagedObject[] ?? [];

    private object? Get(string path)
    {
        foreach (var (name, value) in values)
        {
            if (name == path) return value;
            if (value is FakeData inner && path.StartsWith(name + ".", StringComparison.Ordinal)) return inner.Get(path[(name.Length + 1)..]);
        }

        return null;
    }
}

/// <summary>A session on objects in memory, which counts what it is asked.</summary>
internal sealed class FakeSession(params VimObject[] objects) : IVimSession
{
    public List<string> Calls { get; } = [];

    public IReadOnlyList<string> Log { get; init; } = [];

    public string Server => "vc.example.com";

    public string? User => "tester";

    public string? ApiVersion => "8.0.3.0";

    public string? InstanceUuid => null;

    public bool IsVirtualCenter => true;

    public IEnumerable<VimObject> RetrieveAll(string type, IReadOnlyList<string> paths, ManagedObject? within, CancellationToken cancellation)
    {
        Calls.Add("all " + type);
        return objects.Where(one => one.Reference.Type == type);
    }

    public IEnumerable<VimObject> Retrieve(IReadOnlyList<ManagedObject> wanted, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        if (wanted.Count == 0) return [];
        Calls.Add($"{wanted[0].Type} x {wanted.Count}");
        return wanted.Select(reference => objects.FirstOrDefault(one => one.Reference == reference) ?? Gone(reference, paths));
    }

    public IEnumerable<string> ReadLog(ManagedObject host, string key, int? mostLines, CancellationToken cancellation)
    {
        Calls.Add("log");
        return Log;
    }

    public VimData? QueryConfigOption(ManagedObject browser, ManagedObject host, CancellationToken cancellation) => throw new NotSupportedException();

    public void SetExtraConfig(ManagedObject vm, string changeVersion, IReadOnlyDictionary<string, string?> values, CancellationToken cancellation) => throw new NotSupportedException();

    public void ShutDownGuest(ManagedObject vm) => throw new NotSupportedException();

    public void PowerOff(ManagedObject vm, IProgress<int>? progress, CancellationToken cancellation) => throw new NotSupportedException();

    public void PowerOn(ManagedObject vm, IProgress<int>? progress, CancellationToken cancellation) => throw new NotSupportedException();

    private static VimObject Gone(ManagedObject reference, IReadOnlyList<string> paths)
    {
        var problem = VimErrors.ObjectGone.For(reference, reference);
        return new VimObject(reference, new FakeData("")) { Refused = paths.ToDictionary(path => path, _ => problem) };
    }
}
