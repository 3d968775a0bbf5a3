using PassthroughTools.Vim;
using PassthroughTools.Vmx;

namespace PassthroughTools;

/// <content>VMs of vSphere servers.</content>
public abstract partial class VmxCmdlet
{
    private const int LiveAtOnce = 500;
    private LiveVMs? _live;

    /// <summary>Works on one VM of a vSphere server.</summary>
    /// <param name="vm">VM.</param>
    /// <param name="slots">The entries that were asked for; all where none were.</param>
    /// <param name="isSelective">Whether certain entries were asked for.</param>
    private protected abstract void Process(VimPassthruVM vm, IReadOnlyList<PassthruSlot> slots, bool isSelective);

    private LiveVMs Live() => _live ??= new LiveVMs(LiveSessions.Find(this, Server), error => WriteError(error.ToErrorRecord()));

    private void Collect(LiveReference live)
    {
        // What leads to VMs, as a host does, would stand for more of them than is seen.
        if (live.Object.Type != "VirtualMachine") throw VMReferenceErrors.NotAVM.For(live, live, live.Object.Type);
        Live().Add(live, Slot);
    }

    private void ProcessText(string text)
    {
        if (this.PathsUnlessName(text, Server is not null, () => LiveSessions.Find(this, null)) is { } paths) Process(paths, literal: true);
        else Live().Add(text, Slot);
    }

    private void ProcessLive()
    {
        if (_live is not { Count: > 0 } live) return;
        using var trace = VimTrace.To(WriteVerbose);
        Guard(() =>
        {
            foreach (var one in live.Read(StopToken))
            {
                StopToken.ThrowIfCancellationRequested();
                Guard(() => Process(one.VM, Choose(one.VM.Slots, one.Slots, one.VM.Target, one.VM.Label), one.Slots is not null || Device is not null), one.VM.Target);
            }
        }, null);
    }
}
