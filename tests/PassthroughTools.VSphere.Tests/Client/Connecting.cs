using System.Security;
using PassthroughTools.VSphere;

namespace PassthroughTools.Tests.Client;

/// <summary>Shortcuts of the client's tests.</summary>
internal static class Connecting
{
    /// <summary>Holds every character that XML has to escape, and some that it has not.</summary>
    public const string Password = "p<&>\"'\u00e9\ud83d\udd11 ]]>x";

    public static SecureString Secure(string text)
    {
        var secure = new SecureString();
        foreach (var c in text) secure.AppendChar(c);
        return secure;
    }

    public static VSphereOptions Options(string server, string password = Password) =>
        new(server, "admin<&>@vsphere.local", Secure(password)) { SkipCertificateCheck = true, Timeout = TimeSpan.FromSeconds(30) };

    public static VSphereClient To(ScriptedServer server, Func<VSphereOptions, VSphereOptions>? change = null) =>
        VSphereClient.Connect((change ?? (options => options))(Options(server.Address)), TestContext.Current.CancellationToken);

    public static VSphereClient To(VSphereServer server, Func<VSphereOptions, VSphereOptions>? change = null)
    {
        var options = new VSphereOptions(server.Server, server.User, Secure(server.Password)) { Thumbprints = [server.Thumbprint], Timeout = TimeSpan.FromSeconds(60) };
        return VSphereClient.Connect(change?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
    }

    /// <summary>The same for what would return something.</summary>
    public static PassthruException Fails<T>(Func<T> action) => Fails(() => { _ = action(); });

    /// <summary>Runs what is expected to fail and returns the exception, having looked for secrets in all of it.</summary>
    public static PassthruException Fails(Action action)
    {
        var e = Assert.Throws<PassthruException>(action);
        Assert.DoesNotContain(Password, e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("test-only-Passw0rd", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("abc-1", e.ToString(), StringComparison.Ordinal);
        return e;
    }
}
