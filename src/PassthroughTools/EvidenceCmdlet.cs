using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Management.Automation;
using PassthroughTools.Evidence;
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
    private static readonly char[] Separators = ['/', (char)92];
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

    private void AnswerFor(HostReference reference)
    {
        if (reference.Evidence is { } evidence) Guard(() => Answer(evidence), evidence);
        else if (reference.Live is { } live) Guard(() => Collect().Add(live), reference.Value);
        else if (reference.Value is string text) AnswerForText(text);
        else if (reference.Path is { } path) AnswerFrom([path], literal: true);
        else WriteError(reference.Problem.ToErrorRecord());
        if (_live?.Count >= LiveAtOnce) AnswerLive();
    }

    /// <summary>A path as it stands, else a pattern of paths, else a name, if there is a server to ask; else a path that is not there.</summary>
    private void AnswerForText(string text)
    {
        if (Server is null && IsPath(text)) AnswerFrom([text], literal: true);
        else if (Server is null && WildcardPattern.ContainsWildcardCharacters(text) && this.TryResolve(text) is { Count: > 0 } paths) AnswerFrom(paths, literal: true);
        else
        {
            Guard(() =>
            {
                // No name of a host has a separator: such a text can only be a path.
                if (Server is not null || (text.IndexOfAny(Separators) < 0 && FindSessions().All.Count > 0)) Collect().Add(text);
                else AnswerFrom([text], literal: true);
            }, text);
        }
    }

    private bool IsPath(string text) => this.TryLocate(text) is { } path && (File.Exists(path) || Directory.Exists(path));

    private LiveHosts Collect() => _live ??= new LiveHosts(FindSessions(), new VimEvidenceOptions
    {
        IncludeLog = IncludeLog,
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
