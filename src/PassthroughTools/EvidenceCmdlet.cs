using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Vectors;
using PassthroughTools.Vim;

namespace PassthroughTools;

/// <summary>
/// Base of the cmdlets that answer a question about hosts, whatever the hosts are given as. Evidence and folders are answered as they come; objects and
/// names of vSphere servers are collected and read together, since one at a time each would cost requests of its own.
/// </summary>
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public abstract class EvidenceCmdlet : PassthruCmdlet
{
    private const string VMHostSet = "VMHost";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const int LiveAtOnce = 500;
    private LiveHosts? _live;
    private ThrottledProgress? _progress;

    /// <summary>
    /// Hosts: output of Get-PassthruEvidence, paths of evidence folders, PowerCLI's hosts, clusters, VMs and views, or names at the connected servers;
    /// wildcards are allowed. A text that is a path is one.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = VMHostSet)]
    [Alias("InputObject", "Evidence")]
    [ValidateNotNull]
    [SupportsWildcards]
    public HostReference[] VMHost { get; set; } = [];

    /// <summary>Connections to ask, of Connect-PassthruVIServer or of PowerCLI; by default all.</summary>
    [Parameter(ParameterSetName = VMHostSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public VIServerReference[]? Server { get; set; }

    /// <summary>Reads the vmkernel log of each host through its server as well, which costs requests for each.</summary>
    [Parameter(ParameterSetName = VMHostSet)]
    public SwitchParameter IncludeLog { get; set; }

    /// <summary>Evidence folders or archives; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Evidence folders or archives, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Whether hosts of servers are asked how many devices they give to a VM, which costs a request for each.</summary>
    private protected virtual bool NeedsLimits => false;

    /// <summary>Answers for one host.</summary>
    /// <param name="host">Evidence.</param>
    protected abstract void Answer(HostEvidence host);

    /// <summary>Called for input of a parameter set that a derived cmdlet adds.</summary>
    /// <returns>Whether it was such input.</returns>
    protected virtual bool ProcessOther() => false;

    /// <summary>Called when all hosts are answered.</summary>
    protected virtual void Finish()
    {
    }

    /// <inheritdoc/>
    protected sealed override void ProcessRecord()
    {
        if (ProcessOther()) return;
        switch (ParameterSetName)
        {
            case VMHostSet:
                foreach (var reference in VMHost) AnswerFor(reference);
                break;
            default:
                AnswerFrom(ParameterSetName == PathSet ? Path : LiteralPath, ParameterSetName == LiteralPathSet);
                break;
        }
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        AnswerLive();
        Finish();
    }

    /// <summary>The sessions that may be asked.</summary>
    private protected LiveSessions FindSessions() => LiveSessions.Find(this, Server);

    /// <summary>What was asked for when a budget was made that stands for the host; the cmdlet's own parameters come first, where they are given.</summary>
    /// <param name="host">Host.</param>
    /// <param name="headroom">The cmdlet's <c>-Headroom</c>.</param>
    /// <param name="includePoweredOff">The cmdlet's <c>-IncludePoweredOff</c>.</param>
    private protected (int Headroom, bool IncludePoweredOff) AskedOf(HostEvidence host, int headroom, bool includePoweredOff)
    {
        if (VMHost.Select(reference => reference.Value).OfType<HostVectorBudget>().FirstOrDefault(each => ReferenceEquals(each.Evidence, host)) is not { } budget) return (headroom, includePoweredOff);
        var bound = MyInvocation.BoundParameters;
        return (
            bound.ContainsKey("Headroom") ? headroom : budget.Pools.Select(pool => pool.RequestedHeadroom).DefaultIfEmpty().Max(),
            bound.ContainsKey("IncludePoweredOff") ? includePoweredOff : budget.Devices.Any(device => device is { IsCounted: true, PowerState: VMPowerState.PoweredOff or VMPowerState.Suspended }));
    }

    private void AnswerFor(HostReference reference)
    {
        if (reference.Evidence is { } evidence) Guard(() => Answer(evidence), evidence);
        else if (reference.Live is { } live) Guard(() => Collect().Add(live), reference.Value);
        else if (reference.Value is string text)
        {
            Guard(() =>
            {
                if (this.PathsUnlessName(text, Server is not null, FindSessions) is { } paths) AnswerFrom(paths, literal: true);
                else Collect().Add(text);
            }, text);
        }
        else if (reference.Path is { } path) AnswerFrom([path], literal: true);
        else WriteError(reference.Problem.ToErrorRecord());
        if (_live?.Count >= LiveAtOnce) AnswerLive();
    }

    private LiveHosts Collect() => _live ??= new LiveHosts(FindSessions(), new VimEvidenceOptions
    {
        IncludeLog = IncludeLog,
        IncludeLimits = NeedsLimits,
        OnError = error => WriteError(error.ToErrorRecord()),
        OnProgress = (done, total) => _progress?.Report(done, total),
    });

    private void AnswerLive()
    {
        if (_live is not { Count: > 0 } live) return;
        using var trace = VimTrace.To(WriteVerbose);
        using var progress = _progress = new ThrottledProgress(this, "Reading hosts");
        Guard(() =>
        {
            foreach (var host in live.Read(StopToken)) Guard(() => Answer(host), host);
        }, null);
    }

    private void AnswerFrom(IReadOnlyList<string> paths, bool literal)
    {
        foreach (var path in this.ResolveFiles(paths, literal))
        {
            Guard(() =>
            {
                foreach (var evidence in EvidenceReader.Read(path, StopToken)) Answer(evidence);
            }, path);
        }
    }
}
