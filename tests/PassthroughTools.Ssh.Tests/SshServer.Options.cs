using PassthroughTools.Ssh;

namespace PassthroughTools.Tests.Ssh;

/// <content>Options for the collector itself; the rest of the class serves the module's tests too.</content>
internal sealed partial class SshServer
{
    /// <summary>Options that work.</summary>
    public SshOptions Options(Func<SshOptions, SshOptions>? change = null)
    {
        var options = new SshOptions
        {
            Credential = SshCredential.Create(User, null, [UserKey]),
            KnownHosts = KnownHosts,
            Timeouts = SshTimeouts.Of(TimeSpan.FromSeconds(60)),
        };
        return change?.Invoke(options) ?? options;
    }
}
