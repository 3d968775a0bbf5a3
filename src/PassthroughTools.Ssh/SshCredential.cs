using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Security;

namespace PassthroughTools.Ssh;

/// <summary>Whom to log in as, and with what. Serves any number of connections at once; what is secret is held in clear only while it is used.</summary>
public sealed class SshCredential
{
    private readonly SecureString? _password;
    private readonly IReadOnlyList<IPrivateKeySource> _keys;

    private SshCredential(string user, SecureString? password, IReadOnlyList<IPrivateKeySource> keys) => (User, _password, _keys) = (user, password, keys);

    /// <summary>User.</summary>
    public string User { get; }

    /// <summary>Reads the keys and checks that there is anything to log in with.</summary>
    /// <param name="user">User.</param>
    /// <param name="password">Password for the methods password and keyboard-interactive; null for none.</param>
    /// <param name="keyFiles">Private keys: ed25519, ECDSA or RSA, in the format of OpenSSH or PEM.</param>
    /// <param name="passphrase">Passphrase of the keys; null for none.</param>
    /// <exception cref="PassthruException"><see cref="SshErrors.NoCredential"/>, <see cref="SshErrors.KeyFileInvalid"/>, <see cref="SshErrors.KeyPassphrase"/>, <see cref="InputErrors"/>.</exception>
    public static SshCredential Create(string user, SecureString? password, IReadOnlyList<string> keyFiles, SecureString? passphrase = null)
    {
        if (password is null && keyFiles.Count == 0) throw SshErrors.NoCredential.For(user);
        return new SshCredential(user, password, [.. keyFiles.Select(file => SharedKey.Read(file, passphrase))]);
    }

    /// <summary>The methods for one connection, in the order in which they are tried.</summary>
    /// <param name="login">Keeps what the host says meanwhile.</param>
    internal AuthenticationMethod[] Methods(SshLogin login)
    {
        var methods = new List<AuthenticationMethod>();
        if (_keys.Count > 0) methods.Add(new PrivateKeyAuthenticationMethod(User, [.. _keys]));
        if (_password is { } password)
        {
            var keyboard = new KeyboardInteractiveAuthenticationMethod(User);
            var wasAsked = false;
            keyboard.AuthenticationPrompt += (_, e) =>
            {
                login.Hear(e.Instruction);

                // A password answers one question that is not shown. All else, a one-time code or a new password say, stays open, and the login fails.
                if (e.Prompts.Count == 0) return;
                if (wasAsked || e.Prompts.Count > 1 || e.Prompts[0].IsEchoed)
                {
                    login.LeaveOpen(string.Join(" ", e.Prompts.Select(prompt => prompt.Request)));
                    return;
                }

                wasAsked = true;
                e.Prompts[0].Response = Reveal(password);
            };
            methods.Add(keyboard);

            // ESXi counts each refusal: the same password is not offered by a second method when the first was refused.
            methods.Add(new PasswordOnce(User, password, () => wasAsked));
        }

        return [.. methods];
    }

    private static string Reveal(SecureString secret)
    {
        var pointer = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Marshal.PtrToStringUni(pointer, secret.Length);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(pointer);
        }
    }

    private sealed class PasswordOnce(string user, SecureString password, Func<bool> wasOffered) : AuthenticationMethod(user)
    {
        public override string Name => "password";

        public override AuthenticationResult Authenticate(Session session)
        {
            if (wasOffered()) return AuthenticationResult.Failure;
            var secret = Encoding.UTF8.GetBytes(Reveal(password));
            try
            {
                using var method = new PasswordAuthenticationMethod(Username, secret);
                var result = method.Authenticate(session);
                AllowedAuthentications = method.AllowedAuthentications;
                return result;
            }
            finally
            {
                Array.Clear(secret, 0, secret.Length);
            }
        }
    }

    /// <summary>A key that many connections sign with. Its decryption is slow on purpose, so it is read once; its signer is not for parallel use.</summary>
    private sealed class SharedKey(PrivateKeyFile file) : IPrivateKeySource
    {
        private readonly object _gate = new();

        public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms => [.. file.HostKeyAlgorithms.Select(algorithm => new Locked(algorithm, _gate))];

        public static SharedKey Read(string path, SecureString? passphrase)
        {
            byte[] content;
            try
            {
                content = File.ReadAllBytes(path);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw InputErrors.NotFound.Because(e, path, path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw InputErrors.Unreadable.Because(e, path, path, e.Message);
            }

            try
            {
                return new SharedKey(Parse(path, content, passphrase));
            }
            finally
            {
                Array.Clear(content, 0, content.Length);
            }
        }

        private static PrivateKeyFile Parse(string path, byte[] content, SecureString? passphrase)
        {
            try
            {
                return new PrivateKeyFile(new MemoryStream(content));
            }
            catch (SshPassPhraseNullOrEmptyException e)
            {
                if (passphrase is null || passphrase.Length == 0) throw SshErrors.KeyPassphrase.Because(e, path, path, "no passphrase was given");
            }
            catch (Exception e) when (IsReading(e) && IsEncryptedPem(content))
            {
                // Decrypted with an empty passphrase, it is not always found out to be wrong.
                if (passphrase is null || passphrase.Length == 0) throw SshErrors.KeyPassphrase.Because(e, path, path, "no passphrase was given");
            }
            catch (Exception e) when (IsReading(e))
            {
                throw SshErrors.KeyFileInvalid.Because(e, path, path, e.Message);
            }

            try
            {
                return new PrivateKeyFile(new MemoryStream(content), Reveal(passphrase));
            }
            catch (Exception e) when (IsReading(e))
            {
                throw SshErrors.KeyPassphrase.Because(e, path, path, "the passphrase does not open it");
            }
        }

        private static bool IsEncryptedPem(byte[] content) =>
            Encoding.ASCII.GetString(content, 0, Math.Min(content.Length, 512)) is var head && (head.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || head.Contains("Proc-Type: 4,ENCRYPTED"));

        // The parser meets decrypted nonsense, and fails in whatever way that brings about.
        private static bool IsReading(Exception e) =>
            e is SshException or CryptographicException or FormatException or ArgumentException or NotSupportedException or InvalidOperationException or IOException
                or IndexOutOfRangeException or OverflowException or System.Formats.Asn1.AsnContentException
            || e.GetType().Namespace?.StartsWith("Org.BouncyCastle", StringComparison.Ordinal) == true;

        private sealed class Locked(HostAlgorithm inner, object gate) : HostAlgorithm(inner.Name)
        {
            public override byte[] Data => inner.Data;

            public override byte[] Sign(byte[] data)
            {
                lock (gate) return inner.Sign(data);
            }

            public override bool VerifySignature(byte[] data, byte[] signature)
            {
                lock (gate) return inner.VerifySignature(data, signature);
            }
        }
    }
}
