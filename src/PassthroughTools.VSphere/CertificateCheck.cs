using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <summary>Decides whether a server's certificate will do: by its thumbprint where one was named, else by its chain.</summary>
internal sealed class CertificateCheck
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;
    private readonly string _server;
    private readonly bool _skip;
    private readonly string[] _thumbprints;

    public CertificateCheck(string server, IEnumerable<string> thumbprints, bool skip)
    {
        _server = server;
        _skip = skip;
        _thumbprints = [.. thumbprints.Select(Normalize)];
    }

    /// <summary>Why the last certificate was refused.</summary>
    public PassthruException? Refusal { get; private set; }

    /// <summary>Whether any server showed a certificate yet, so that the connection as such is there.</summary>
    public bool HasSeenOne { get; private set; }

    public bool Accept(HttpRequestMessage request, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        HasSeenOne = true;
        Refusal = Judge(certificate, chain, errors);
        return Refusal is null;
    }

    private PassthruException? Judge(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null) return VimConnectionErrors.TlsFailed.For(_server, _server, "the server shows no certificate");
        var sha1 = Print(certificate.GetCertHash());
        var sha256 = Print(Sha256(certificate.RawData));
        if (_thumbprints.Length > 0)
        {
            return _thumbprints.Any(known => known == Normalize(sha1) || known == Normalize(sha256))
                ? null
                : VimConnectionErrors.ThumbprintMismatch.For(_server, _server, sha1, sha256);
        }

        if (_skip || errors == SslPolicyErrors.None) return null;
        var now = DateTime.Now;
        return now > certificate.NotAfter || now < certificate.NotBefore
            ? VimConnectionErrors.CertificateExpired.For(_server, _server, Day(certificate.NotBefore), Day(certificate.NotAfter), sha1, sha256)
            : VimConnectionErrors.CertificateUntrusted.For(_server, _server, Reason(chain, errors), sha1, sha256);
    }

    private static string Reason(X509Chain? chain, SslPolicyErrors errors)
    {
        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) reasons.Add("it is made out to another name");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            reasons.AddRange((chain?.ChainStatus ?? []).Select(status => status.Status switch
            {
                X509ChainStatusFlags.UntrustedRoot => "its root is not trusted here",
                X509ChainStatusFlags.PartialChain => "its issuer is not known here",
                X509ChainStatusFlags.NotTimeValid => "a certificate of its chain has expired",
                X509ChainStatusFlags.Revoked => "it was revoked",
                var other => other.ToString(),
            }).Distinct(StringComparer.Ordinal));
        }

        return reasons.Count == 0 ? errors.ToString() : string.Join(", ", reasons);
    }

    private static string Normalize(string thumbprint)
    {
        var digits = string.Concat(thumbprint.Where(c => c is not (':' or ' ' or '-'))).ToUpperInvariant();
        return digits.Length is Sha1Digits or Sha256Digits && digits.All(Uri.IsHexDigit)
            ? digits
            : throw VimConnectionErrors.ThumbprintInvalid.For(thumbprint, thumbprint);
    }

    private static byte[] Sha256(byte[] data)
    {
        using var hash = SHA256.Create();
        return hash.ComputeHash(data);
    }

    private static string Print(byte[] hash) => BitConverter.ToString(hash).Replace('-', ':');

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
