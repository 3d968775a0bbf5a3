using PassthroughTools.Vmx;

namespace PassthroughTools.Guests;

/// <summary>A way to run a script in a guest. Only this differs between the ways; what is read and written does not.</summary>
public interface IGuestTransport
{
    /// <summary>The guest and the way to it; the journal's container.</summary>
    GuestTarget Target { get; }

    /// <summary>What the guest is called in messages and records: VM, computer.</summary>
    string Name { get; }

    /// <summary>Family, where it is known before the guest was asked.</summary>
    GuestFamily Family { get; }

    /// <summary>Most characters that a script may have; null for no limit. A longer one is packed, and sent in stages where it is still too long.</summary>
    int? MaximumScript { get; }

    /// <summary>Characters of an answer to ask for at a time; 0 for all at once.</summary>
    int AnswerSize { get; }

    /// <summary>Runs a script and returns all that it printed, noise included.</summary>
    /// <param name="script">Script: Windows PowerShell, or sh for a Linux guest.</param>
    /// <param name="family">What the script is written for.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <exception cref="PassthruException">
    /// <see cref="GuestErrors.TransportFailed"/>, <see cref="GuestErrors.LoginFailed"/>, <see cref="GuestErrors.Timeout"/>, <see cref="GuestErrors.PowerCliMissing"/>.
    /// </exception>
    string Run(string script, GuestFamily family, TimeSpan timeout, CancellationToken cancellation);
}

/// <summary>Finds the way to a guest that a journal or a plan names.</summary>
public interface IGuestTransports
{
    /// <summary>The way to a guest.</summary>
    /// <param name="target">The guest.</param>
    /// <exception cref="PassthruException"><see cref="GuestErrors.TargetUnknown"/> or <see cref="GuestErrors.PowerCliMissing"/>.</exception>
    IGuestTransport Find(GuestTarget target);
}
