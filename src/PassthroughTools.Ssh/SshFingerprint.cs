namespace PassthroughTools.Ssh;

/// <summary>SHA-256 fingerprints of host keys.</summary>
public static class SshFingerprint
{
    /// <summary>Brings a fingerprint to the form in which ssh-keygen prints it.</summary>
    /// <param name="text">SHA256: and 43 characters of base64; the prefix may be left out.</param>
    /// <exception cref="PassthruException"><see cref="SshErrors.FingerprintInvalid"/>.</exception>
    public static string Check(string text) => HostKey.Normalize(text);
}
