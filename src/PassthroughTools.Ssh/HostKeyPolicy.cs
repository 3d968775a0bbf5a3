namespace PassthroughTools.Ssh;

/// <summary>Decides whether a host's key is trusted: pinned fingerprints first, else known_hosts. It never asks.</summary>
internal sealed class HostKeyPolicy
{
    private readonly SshAddress _address;
    private readonly IReadOnlyList<string> _pins;
    private readonly bool _acceptNew;
    private readonly KnownHosts _file;
    private readonly IReadOnlyList<KnownHostLine> _known;

    /// <exception cref="PassthruException"><see cref="SshErrors.FingerprintInvalid"/>, <see cref="InputErrors"/>.</exception>
    public HostKeyPolicy(SshAddress address, SshOptions options)
    {
        _address = address;
        _pins = [.. options.HostKeyFingerprints.Select(HostKey.Normalize)];
        _acceptNew = options.AcceptNewHostKey;
        _file = KnownHosts.Load(options.KnownHosts ?? KnownHosts.DefaultPath);
        _known = _file.About(address.KnownName);
    }

    /// <summary>Types of key that are known of the host: they are asked for first, or a host with several keys would look like a changed one.</summary>
    public IReadOnlyList<string> KnownTypes => [.. Trusted.Select(line => line.Key.Type).Distinct()];

    /// <summary>The key that is new and accepted: to be added to the known hosts once the login worked.</summary>
    public HostKey? Accepted { get; private set; }

    private IEnumerable<KnownHostLine> Trusted => _known.Where(line => !line.IsRevoked && !line.IsAuthority);

    /// <summary>Judges a key, whose signature was verified.</summary>
    /// <returns>Null where it is trusted, else what to fail with.</returns>
    public PassthruException? Judge(HostKey key)
    {
        if (_known.Any(line => line.IsRevoked && line.Key.Equals(key.Blob))) return SshErrors.HostKeyRevoked.For(_address, _address, key.Type, key.Fingerprint, _file.Path);
        if (_pins.Count > 0) return _pins.Contains(key.Fingerprint) ? null : SshErrors.HostKeyMismatch.For(_address, _address, key.Type, key.Fingerprint);
        if (Trusted.Any(line => line.Key.Equals(key.Blob))) return null;
        if (Trusted.Any())
        {
            var known = string.Join(", ", Trusted.Select(line => line.Key.Type + " " + line.Key.Fingerprint).Distinct());
            return SshErrors.HostKeyChanged.For(_address, _address, key.Type, key.Fingerprint, _file.Path, known, _address.KnownName);
        }

        if (_acceptNew)
        {
            Accepted = key;
            return null;
        }

        var why = _known.Any(line => line.IsAuthority)
            ? "a @cert-authority line is about it, and host certificates are not supported: its own key must be known"
            : "looked for in " + _file.Path;
        return SshErrors.HostKeyUnknown.For(_address, _address, key.Type, key.Fingerprint, why);
    }

    /// <summary>Adds the accepted key to the known hosts.</summary>
    /// <exception cref="PassthruException"><see cref="IO.FileErrors"/>.</exception>
    public void Remember()
    {
        if (Accepted is { } key) KnownHosts.Append(_file.Path, _address.KnownName, key);
    }
}
