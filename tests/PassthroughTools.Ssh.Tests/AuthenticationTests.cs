using System.Security;
using PassthroughTools.Ssh;

namespace PassthroughTools.Tests.Ssh;

/// <summary>Ways to log in.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private const string Password = "pa'ss wörd €";
    private readonly EsxHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-auth-").FullName;

    [Fact]
    public void Keys_of_all_kinds_open_a_host_with_and_without_a_passphrase()
    {
        using var server = new SshServer(_host);
        foreach (var (type, more) in new (string, string[])[] { ("ed25519", []), ("ecdsa", ["-b", "256"]), ("ecdsa", ["-b", "521"]), ("rsa", ["-b", "2048"]), ("rsa", ["-b", "2048", "-m", "PEM"]), ("ecdsa", ["-m", "PKCS8"]) })
        {
            foreach (var passphrase in new[] { "", "a phrase" })
            {
                var key = Programs.MakeKey(_folder, Guid.NewGuid().ToString("N"), type, passphrase, more);
                File.AppendAllText(server.AuthorizedKeys, File.ReadAllText(key + ".pub"));
                Connect(server, SshCredential.Create(SshServer.User, null, [key], Secret(passphrase)));
            }
        }
    }

    [Fact]
    public void The_second_of_two_keys_may_be_the_right_one()
    {
        using var server = new SshServer(_host);
        Connect(server, SshCredential.Create(SshServer.User, null, [Programs.MakeKey(_folder, "stranger"), server.UserKey]));
    }

    [Fact]
    public void A_password_answers_keyboard_interactive_as_ESXi_asks_for_it()
    {
        using var server = new SshServer(_host, ["ed25519"], Password, 1, "KbdInteractiveAuthentication yes", "PubkeyAuthentication no");
        Connect(server, SshCredential.Create(SshServer.User, Secret(Password), []));
        Assert.Equal(1, server.Attempts);
    }

    [Fact]
    public void A_password_opens_a_host_that_takes_only_the_method_of_that_name()
    {
        using var server = new SshServer(_host, ["ed25519"], Password, 1, "PasswordAuthentication yes", "PubkeyAuthentication no");
        Connect(server, SshCredential.Create(SshServer.User, Secret(Password), []));
    }

    [Fact]
    public void A_wrong_password_is_offered_once()
    {
        using var server = new SshServer(_host, ["ed25519"], Password, 1, "PasswordAuthentication yes", "KbdInteractiveAuthentication yes", "PubkeyAuthentication no");
        Fails.With("SshAuthenticationFailed", () => Connect(server, SshCredential.Create(SshServer.User, Secret("wrong"), [])));
        Assert.Equal(1, server.Attempts);
    }

    [Fact]
    public void A_second_question_is_named_and_not_answered_with_the_password()
    {
        using var server = new SshServer(_host, ["ed25519"], Password, 1, "KbdInteractiveAuthentication yes", "PubkeyAuthentication no");
        // Of the modules at hand pam_ftp asks a question of its own, as a module does that wants a new password for one that has expired.
        server.Pam($"auth required pam_exec.so quiet expose_authtok {server["check"]}", "auth required pam_ftp.so", "account required pam_permit.so");
        Assert.Contains("Password", Fails.With("SshPromptUnanswered", () => Connect(server, SshCredential.Create(SshServer.User, Secret(Password), []))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_host_says_when_it_refuses_is_passed_on()
    {
        using var server = new SshServer(_host, ["ed25519"], Password, 1, "KbdInteractiveAuthentication yes", "PubkeyAuthentication no");
        server.Pam("auth optional pam_echo.so Account locked due to 6 failed logins", "auth required pam_deny.so");
        Assert.Contains("'Account locked due to 6 failed logins'", Fails.With("SshAuthenticationFailed", () => Connect(server, SshCredential.Create(SshServer.User, Secret(Password), []))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_not_enough_is_followed_by_the_password()
    {
        using var server = new SshServer(_host, ["ed25519"], Password, 1, "KbdInteractiveAuthentication yes", "AuthenticationMethods publickey,keyboard-interactive");
        Connect(server, SshCredential.Create(SshServer.User, Secret(Password), [server.UserKey]));
    }

    [Fact]
    public void A_key_that_the_host_does_not_know_is_refused()
    {
        using var server = new SshServer(_host);
        Fails.With("SshAuthenticationFailed", () => Connect(server, SshCredential.Create(SshServer.User, null, [Programs.MakeKey(_folder, "stranger")])));
    }

    [Theory]
    [InlineData("ed25519", "RFC4716")]
    [InlineData("rsa", "PEM")]
    [InlineData("rsa", "PKCS8")]
    public void A_missing_or_wrong_passphrase_is_named(string type, string format)
    {
        var key = Programs.MakeKey(_folder, "locked", type, "right", "-m", format);
        Fails.With("SshKeyPassphrase", () => SshCredential.Create("root", null, [key]));
        Fails.With("SshKeyPassphrase", () => SshCredential.Create("root", null, [key], Secret("wrong")));
        SshCredential.Create("root", null, [key], Secret("right"));
    }

    [Theory]
    [InlineData("nothing of a key")]
    [InlineData("")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n")]
    public void A_file_that_is_no_private_key_is_named(string content)
    {
        var file = Path.Combine(_folder, "key");
        File.WriteAllText(file, content);
        Fails.With("SshKeyFileInvalid", () => SshCredential.Create("root", null, [file]));
    }

    [Fact]
    public void A_public_key_is_no_private_key() => Fails.With("SshKeyFileInvalid", () => SshCredential.Create("root", null, [Programs.MakeKey(_folder, "pair") + ".pub"]));

    [Fact]
    public void Nothing_to_log_in_with_is_an_error() => Fails.With("SshCredentialMissing", () => SshCredential.Create("root", null, []));

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var character in text) secret.AppendChar(character);
        return secret;
    }

    private static void Connect(SshServer server, SshCredential credential)
    {
        using var connection = SshConnection.Open(SshAddress.Parse(server.Name), server.Options() with { Credential = credential }, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(0, connection.Run("hostname", (_, _) => { }, "hostname", 1000).ExitCode);
    }
}
