using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace PassthroughTools.Tests.Client;

/// <summary>A request as the scripted server got it.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Method">Method of the API; the path of a GET.</param>
/// <param name="Body">Body as it was sent.</param>
/// <param name="Headers">Lines of the header.</param>
public sealed record ScriptedRequest(int Number, string Method, string Body, IReadOnlyList<string> Headers);

/// <summary>What the scripted server does with a request.</summary>
/// <param name="Bytes">What it writes; empty: it only closes.</param>
/// <param name="Close">Whether it closes the connection afterwards.</param>
public sealed record ScriptedAnswer(byte[] Bytes, bool Close = false)
{
    /// <summary>Closes without an answer.</summary>
    public static ScriptedAnswer Drop { get; } = new([], Close: true);

    /// <summary>Any text under an HTTP status.</summary>
    public static ScriptedAnswer Http(int status, string body, string type = "text/xml", string more = "") => new(Encoding.UTF8.GetBytes(
        $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{more}\r\n{body}"));

    /// <summary>What a method returns.</summary>
    public static ScriptedAnswer Returns(string method, string content, string more = "") => Http(200, Envelope($"<{method}Response xmlns=\"urn:vim25\">{content}</{method}Response>"), more: more);

    /// <summary>A fault.</summary>
    public static ScriptedAnswer Fault(string type, string words, string properties = "") => Http(500, Envelope(
        $"<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>{words}</faultstring><detail><{type}Fault xmlns=\"urn:vim25\" xsi:type=\"{type}\">{properties}</{type}Fault></detail></soapenv:Fault>"));

    /// <summary>Half of an answer, then the end of the connection.</summary>
    public ScriptedAnswer Cut() => new(Bytes[..(Bytes.Length * 2 / 3)], Close: true);

    private static string Envelope(string body) =>
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
        + $"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>";
}

/// <summary>A TLS server that answers as a test says, for what no real server would do on demand.</summary>
public sealed partial class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<ScriptedRequest, ScriptedAnswer> _answer;
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentQueue<ScriptedRequest> _requests = new();
    private int _count;

    public ScriptedServer(Func<ScriptedRequest, ScriptedAnswer> answer, DateTimeOffset? notAfter = null)
    {
        _answer = answer;
        _certificate = NewCertificate(notAfter ?? DateTimeOffset.UtcNow.AddDays(1));
        _listener.Start();
        _ = Task.Run(Accept);
    }

    /// <summary>Address and port.</summary>
    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>SHA-1 thumbprint, as digits.</summary>
    public string Sha1 => Convert.ToHexString(_certificate.GetCertHash());

    /// <summary>SHA-256 thumbprint, as digits.</summary>
    public string Sha256 => Convert.ToHexString(SHA256.HashData(_certificate.RawData));

    /// <summary>What was asked so far.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => [.. _requests];

    /// <summary>Answers connecting and logging in as a vCenter does; the rest is the test's.</summary>
    public static ScriptedAnswer VCenter(ScriptedRequest request, Func<ScriptedRequest, ScriptedAnswer>? rest = null, string versions = "<version>8.0.3.0</version>") => request.Method switch
    {
        "/sdk/vimServiceVersions.xml" => ScriptedAnswer.Http(200, $"<?xml version=\"1.0\"?><namespaces version=\"1.0\"><namespace><name>urn:vim25</name>{versions}</namespace></namespaces>"),
        "RetrieveServiceContent" => ScriptedAnswer.Returns(request.Method, """
            <returnval><rootFolder type="Folder">group-d1</rootFolder><propertyCollector type="PropertyCollector">propertyCollector</propertyCollector>
            <viewManager type="ViewManager">ViewManager</viewManager><about><name>VMware vCenter Server</name><version>8.0.3</version><build>1</build>
            <apiType>VirtualCenter</apiType><apiVersion>8.0.3.0</apiVersion><instanceUuid>u-1</instanceUuid></about>
            <sessionManager type="SessionManager">SessionManager</sessionManager><diagnosticManager type="DiagnosticManager">DiagMgr</diagnosticManager></returnval>
            """),
        "Login" => ScriptedAnswer.Returns(request.Method, "<returnval><key>k</key></returnval>", "Set-Cookie: vmware_soap_session=\"abc-1\"; Path=/; HttpOnly; Secure\r\n"),
        "Logout" or "DestroyView" or "CancelRetrievePropertiesEx" => ScriptedAnswer.Returns(request.Method, ""),
        "CreateContainerView" => ScriptedAnswer.Returns(request.Method, "<returnval type=\"ContainerView\">session[1]view</returnval>"),
        _ => rest?.Invoke(request) ?? ScriptedAnswer.Fault("InvalidRequest", "unexpected " + request.Method),
    };

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _certificate.Dispose();
        _stop.Dispose();
    }

    [GeneratedRegex("<(?:\\w+:)?Body[^>]*><(\\w+)")]
    private static partial Regex MethodName();

    private static X509Certificate2 NewCertificate(DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=scripted", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(notAfter.AddDays(-30), notAfter);
        // Windows can't serve with a key that exists in memory only.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => Serve(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using var connection = client;
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(_certificate);
            while (await Read(tls) is { } request)
            {
                _requests.Enqueue(request);
                var answer = _answer(request);
                await tls.WriteAsync(answer.Bytes, _stop.Token);
                if (answer.Close) return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException or SocketException)
        {
        }
    }

    private async Task<ScriptedRequest?> Read(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0) return null;
            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        var length = lines.Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Select(line => int.Parse(line[15..])).FirstOrDefault();
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        var text = Encoding.UTF8.GetString(body);
        var method = length == 0 ? lines[0].Split(' ')[1] : MethodName().Match(text).Groups[1].Value;
        return new ScriptedRequest(Interlocked.Increment(ref _count), method, text, lines);
    }
}
