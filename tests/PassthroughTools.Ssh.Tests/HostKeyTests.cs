using PassthroughTools.Ssh;

namespace PassthroughTools.Tests.Ssh;

/// <summary>Whose key is trusted, and that nothing is ever asked.</summary>
public sealed class HostKeyTests(HostKeyTests.Server fixture) : IClassFixture<HostKeyTests.Server>
{
    private SshServer Sshd => fixture.Sshd;

    private string Ed25519 => Sshd.HostKeys[0];

    private string Rsa => Sshd.HostKeys[1];

    private string Name => $"[127.0.0.1]:{Sshd.Ports[0]}";

    [Fact]
    public void A_key_that_is_known_is_trusted() => Connect(Known(SshServer.KnownLine(Ed25519, Sshd.Ports[0])));

    [Fact]
    public void A_host_of_which_only_one_key_is_known_is_asked_for_that_one() => Connect(Known(SshServer.KnownLine(Rsa, Sshd.Ports[0])));

    [Fact]
    public void A_hashed_name_is_known_as_ssh_keygen_writes_it()
    {
        var file = Known(SshServer.KnownLine(Ed25519, Sshd.Ports[0]));
        Programs.Run(Programs.Require("ssh-keygen", "openssh-client"), "-q", "-H", "-f", file);
        Assert.StartsWith("|1|", File.ReadAllText(file), StringComparison.Ordinal);
        Connect(file);
    }

    [Theory]
    [InlineData("[127.0.0.*]:{0}")]
    [InlineData("*")]
    [InlineData("esx*,[127.0.?.1]:{0}")]
    public void A_pattern_covers_a_host(string pattern) =>
        Connect(Known(pattern.Replace("{0}", $"{Sshd.Ports[0]}", StringComparison.Ordinal) + " " + SshServer.PublicKey(Ed25519)));

    [Theory]
    [InlineData("*,![127.0.0.1]:{0}")]
    [InlineData("127.0.0.1")]
    [InlineData("esx01.example.com")]
    public void A_line_about_others_does_not_count(string pattern) =>
        Refused("SshHostKeyUnknown", Known(pattern.Replace("{0}", $"{Sshd.Ports[0]}", StringComparison.Ordinal) + " " + SshServer.PublicKey(Ed25519)));

    [Fact]
    public void An_unknown_key_is_refused_with_its_fingerprint() =>
        Assert.Contains(Fingerprint(Ed25519), Refused("SshHostKeyUnknown", Known("# nothing", "", "garbage", "host ssh-ed25519 not*base64")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_hashed_line_may_revoke_a_key()
    {
        var file = Known(SshServer.KnownLine(Ed25519, Sshd.Ports[0]));
        Programs.Run(Programs.Require("ssh-keygen", "openssh-client"), "-q", "-H", "-f", file);
        File.AppendAllText(file, "@revoked " + File.ReadAllLines(file)[0] + "\n");
        Refused("SshHostKeyRevoked", file);
    }

    [Fact]
    public void Another_type_of_key_than_the_revoked_one_opens_the_host() =>
        Connect(Known("@revoked * " + SshServer.PublicKey(Ed25519), SshServer.KnownLine(Rsa, Sshd.Ports[0])));

    [Fact]
    public void A_file_with_the_line_ends_of_Windows_and_comments_is_read() =>
        Connect(Known(SshServer.KnownLine(Ed25519, Sshd.Ports[0]) + " root@esx01\r", "# a comment\r", "\r"));

    [Fact]
    public void A_changed_key_is_refused_even_where_new_ones_are_accepted()
    {
        var other = Programs.MakeKey(fixture.Folder, Guid.NewGuid().ToString("N"));
        var failure = Refused("SshHostKeyChanged", Known(SshServer.KnownLine(other, Sshd.Ports[0])), options => options with { AcceptNewHostKey = true });
        Assert.Contains(Fingerprint(Ed25519), failure.Message, StringComparison.Ordinal);
        Assert.Contains(Fingerprint(other), failure.Message, StringComparison.Ordinal);
        Assert.Contains("ssh-keygen -R " + Name, failure.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_revoked_key_is_refused_even_where_it_is_pinned() =>
        Refused("SshHostKeyRevoked", Known(SshServer.KnownLine(Ed25519, Sshd.Ports[0]), "@revoked * " + SshServer.PublicKey(Ed25519)), options => options with { HostKeyFingerprints = [Fingerprint(Ed25519)] });

    [Fact]
    public void A_certificate_authority_does_not_vouch_and_that_is_said() =>
        Assert.Contains("@cert-authority", Refused("SshHostKeyUnknown", Known("@cert-authority * " + SshServer.PublicKey(Rsa))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pinned_key_is_trusted_whatever_is_known() =>
        Connect(Known(SshServer.KnownLine(Programs.MakeKey(fixture.Folder, Guid.NewGuid().ToString("N")), Sshd.Ports[0])), options => options with { HostKeyFingerprints = [Fingerprint(Rsa), Fingerprint(Ed25519)[7..]] });

    [Fact]
    public void Another_key_than_the_pinned_one_is_refused_though_it_is_known() =>
        Refused("SshHostKeyMismatch", Sshd.KnownHosts, options => options with { HostKeyFingerprints = ["SHA256:" + new string('A', 43)] });

    [Theory]
    [InlineData("")]
    [InlineData("SHA256:short")]
    [InlineData("MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48")]
    public void What_is_no_fingerprint_is_refused(string text) => Fails.With("SshFingerprintInvalid", () => SshFingerprint.Check(text));

    [Fact]
    public void A_new_key_is_accepted_once_and_known_from_then_on()
    {
        var file = Path.Combine(fixture.Folder, Guid.NewGuid().ToString("N"), "known_hosts");
        Connect(file, options => options with { AcceptNewHostKey = true });
        Assert.Equal(SshServer.KnownLine(Ed25519, Sshd.Ports[0]) + "\n", File.ReadAllText(file));
        Assert.Contains(Name, Programs.Run("/usr/bin/ssh-keygen", "-F", Name, "-f", file), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Connect(file);
        Connect(file, options => options with { AcceptNewHostKey = true });
        Assert.Single(File.ReadAllLines(file));
    }

    [Fact]
    public void A_new_key_goes_after_what_is_there()
    {
        var file = Path.Combine(fixture.Folder, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, "other ssh-ed25519 AAAA");
        Connect(file, options => options with { AcceptNewHostKey = true });
        Assert.Equal(["other ssh-ed25519 AAAA", SshServer.KnownLine(Ed25519, Sshd.Ports[0])], File.ReadAllLines(file));
    }

    [Fact]
    public void A_key_is_not_remembered_where_the_login_failed()
    {
        var file = Path.Combine(fixture.Folder, Guid.NewGuid().ToString("N"));
        var stranger = Programs.MakeKey(fixture.Folder, Guid.NewGuid().ToString("N"));
        Refused("SshAuthenticationFailed", file, options => options with { AcceptNewHostKey = true, Credential = SshCredential.Create(SshServer.User, null, [stranger]) });
        Assert.False(File.Exists(file));
    }

    [Fact]
    public void Many_that_add_keys_at_once_lose_none()
    {
        var file = Path.Combine(fixture.Folder, Guid.NewGuid().ToString("N"));
        var key = new HostKey(Convert.FromBase64String(SshServer.PublicKey(Ed25519).Split(' ')[1]));
        Parallel.For(0, 50, i => KnownHosts.Append(file, $"esx{i}", key));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"esx{i} {SshServer.PublicKey(Ed25519)}").Order(StringComparer.Ordinal), File.ReadAllLines(file).Order(StringComparer.Ordinal));
        Assert.Equal([Path.GetFileName(file)], Directory.GetFiles(fixture.Folder, Path.GetFileName(file) + "*").Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("esx01", "esx01", 22)]
    [InlineData(" esx01.example.com:2222 ", "esx01.example.com", 2222)]
    [InlineData("2001:db8::7", "2001:db8::7", 22)]
    [InlineData("[2001:db8::7]:2222", "2001:db8::7", 2222)]
    [InlineData("192.0.2.7:22", "192.0.2.7", 22)]
    [InlineData("[2001:db8::7]", "2001:db8::7", 22)]
    [InlineData("2001:0DB8:0::7", "2001:db8::7", 22)]
    [InlineData("[2001:0DB8::0007]:2222", "2001:db8::7", 2222)]
    [InlineData("fe80::1%2", "fe80::1%2", 22)]
    [InlineData("münchen.example", "xn--mnchen-3ya.example", 22)]
    [InlineData("münchen.example:2222", "xn--mnchen-3ya.example", 2222)]
    public void An_address_may_bring_its_port(string text, string host, int port) => Assert.Equal(new SshAddress(host, port), SshAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("-oProxyCommand=x")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:ssh")]
    [InlineData("a,b")]
    [InlineData("1:2:3")]
    [InlineData("[esx01:2222")]
    [InlineData("[::1]x")]
    [InlineData("ü\u200fx\u0600.example")]
    public void What_is_no_address_is_refused(string text) => Fails.With("SshAddressInvalid", () => SshAddress.Parse(text));

    private string Known(params string[] lines)
    {
        var file = Path.Combine(fixture.Folder, Guid.NewGuid().ToString("N"));
        File.WriteAllLines(file, lines);
        return file;
    }

    private void Connect(string knownHosts, Func<SshOptions, SshOptions>? change = null)
    {
        var options = Sshd.Options(own => own with { KnownHosts = knownHosts });
        using var connection = SshConnection.Open(SshAddress.Parse(Sshd.Name), change?.Invoke(options) ?? options, _ => { }, TestContext.Current.CancellationToken);
    }

    private PassthruException Refused(string id, string knownHosts, Func<SshOptions, SshOptions>? change = null) => Fails.With(id, () => Connect(knownHosts, change));

    private static string Fingerprint(string key) => Programs.Run("/usr/bin/ssh-keygen", "-l", "-E", "sha256", "-f", key + ".pub").Split(' ')[1];

    public sealed class Server : IDisposable
    {
        public Server() => Sshd = new SshServer(Host, ["ed25519", "rsa"], null, 1);

        public string Folder { get; } = Directory.CreateTempSubdirectory("passthru-keys-").FullName;

        internal EsxHost Host { get; } = new();

        internal SshServer Sshd { get; }

        public void Dispose()
        {
            Sshd.Dispose();
            Host.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
    }
}
