using System.Collections;
using PassthroughTools.Registry;

namespace PassthroughTools.Completion;

/// <summary>Offers the device instances of the guest's registry export that the command line names.</summary>
public sealed class GuestInstanceCompleter : EvidenceCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Remark)> Names(IDictionary bound, CancellationToken cancellation)
    {
        foreach (var path in Completions.Values(bound["Path"]).Concat(Completions.Values(bound["LiteralPath"])))
        {
            foreach (var file in Completions.Files(path.ToString() ?? ""))
            {
                foreach (var setting in GuestMsiReader.Read(RegDocument.Load(file), null)) yield return (setting.InstanceId, setting.Device ?? setting.InstanceId);
            }
        }
    }
}
