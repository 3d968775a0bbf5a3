using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PassthroughTools.Ssh;

/// <summary>A host's public key, as it is sent and as known_hosts has it.</summary>
internal sealed class HostKey(byte[] blob)
{
    private string? _fingerprint;

    /// <summary>The key's bytes.</summary>
    public byte[] Blob { get; } = blob;

    /// <summary>Its type, such as ssh-ed25519: the first text in it.</summary>
    public string Type { get; } = ReadType(blob);

    /// <summary>SHA256: and base64 without padding, as ssh-keygen prints it.</summary>
    public string Fingerprint => _fingerprint ??= FingerprintOf(Blob);

    public bool Equals(byte[] other) => Blob.SequenceEqual(other);

    /// <summary>Brings a fingerprint to the form of <see cref="Fingerprint"/>.</summary>
    /// <exception cref="PassthruException"><see cref="SshErrors.FingerprintInvalid"/>.</exception>
    public static string Normalize(string text)
    {
        const string prefix = "SHA256:";
        var value = text.Trim();
        if (value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) value = value.Substring(prefix.Length);
        value = value.TrimEnd('=');
        try
        {
            if (value.Length == 43 && Convert.FromBase64String(value + "=").Length == 32) return prefix + value;
        }
        catch (FormatException)
        {
        }

        throw SshErrors.FingerprintInvalid.For(text, text);
    }

    private static string FingerprintOf(byte[] blob)
    {
        using var sha = SHA256.Create();
        return "SHA256:" + Convert.ToBase64String(sha.ComputeHash(blob)).TrimEnd('=');
    }

    private static string ReadType(byte[] blob)
    {
        if (blob.Length < 4) return "?";
        var length = (blob[0] << 24) | (blob[1] << 16) | (blob[2] << 8) | blob[3];
        return length is > 0 and <= 64 && length <= blob.Length - 4 ? Encoding.ASCII.GetString(blob, 4, length) : length.ToString(CultureInfo.InvariantCulture) + "?";
    }
}
