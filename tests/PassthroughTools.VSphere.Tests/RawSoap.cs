using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;

namespace PassthroughTools.Tests;

/// <summary>SOAP by hand, so that the tests of the server rest on no client of ours.</summary>
internal sealed class RawSoap : IDisposable
{
    private readonly HttpClient _client;
    private readonly VSphereServer _server;

    public RawSoap(VSphereServer server)
    {
        _server = server;
#pragma warning disable MA0039 // the certificate is made anew for each run, and the tests look at it
        _client = new HttpClient(new HttpClientHandler
        {
            CookieContainer = new CookieContainer(),
            ServerCertificateCustomValidationCallback = (_, certificate, _, errors) =>
            {
                Errors = errors;
                Certificate = certificate is null ? null : Convert.ToHexString(certificate.GetCertHash(HashAlgorithmName.SHA256));
                return true;
            },
        });
#pragma warning restore MA0039
    }

    public static XNamespace Vim { get; } = "urn:vim25";

    public static XName TypeName { get; } = XName.Get("type", "http://www.w3.org/2001/XMLSchema-instance");

    /// <summary>What TLS found wrong with the certificate.</summary>
    public SslPolicyErrors Errors { get; private set; }

    public string? Certificate { get; private set; }

    /// <summary>Calls a method and returns its returnval elements, or throws a <see cref="SoapFaultException"/>.</summary>
    public IReadOnlyList<XElement> Call(string method, string type, string id, string arguments = "")
    {
        var text = $"""
            <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
            <soapenv:Body><{method} xmlns="urn:vim25"><_this type="{type}">{id}</_this>{arguments}</{method}></soapenv:Body></soapenv:Envelope>
            """;
        using var request = new HttpRequestMessage(HttpMethod.Post, _server.Url) { Content = new StringContent(text, Encoding.UTF8, "text/xml") };
        using var response = _client.Send(request);
        using var stream = response.Content.ReadAsStream();
        var answer = new StreamReader(stream).ReadToEnd();
        if (response.Content.Headers.ContentType?.MediaType != "text/xml") throw new HttpRequestException(answer, null, response.StatusCode);
        var body = XDocument.Parse(answer).Root!.Elements().Single().Elements().Single();
        if (body.Name.LocalName != "Fault") return [.. body.Elements(Vim + "returnval")];
        throw new SoapFaultException(body.Element("faultstring")!.Value, body.Element("detail")!.Elements().Single());
    }

    public RawSoap Login(string? password = null)
    {
        Call("Login", "SessionManager", "SessionManager", $"<userName>{_server.User}</userName><password>{password ?? _server.Password}</password>");
        return this;
    }

    /// <summary>Properties of all objects of a type, as the names of the objects and the values by path.</summary>
    public IReadOnlyList<RawObject> Retrieve(string type, params string[] paths)
    {
        var (objects, token) = RetrievePage(type, 0, paths);
        Assert.Null(token);
        return objects;
    }

    public (IReadOnlyList<RawObject> Objects, string? Token) RetrievePage(string type, int most, params string[] paths)
    {
        var view = Call("CreateContainerView", "ViewManager", "ViewManager", $"<container type=\"Folder\">group-d1</container><type>{type}</type><recursive>true</recursive>")[0].Value;
        var select = "<selectSet xsi:type=\"TraversalSpec\"><name>view</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet>";
        return Page(Call("RetrievePropertiesEx", "PropertyCollector", "propertyCollector",
            Specification(type, paths, $"<obj type=\"ContainerView\">{view}</obj><skip>true</skip>{select}") + $"<options>{(most > 0 ? $"<maxObjects>{most}</maxObjects>" : "")}</options>"));
    }

    public (IReadOnlyList<RawObject> Objects, string? Token) Continue(string token) =>
        Page(Call("ContinueRetrievePropertiesEx", "PropertyCollector", "propertyCollector", $"<token>{token}</token>"));

    /// <summary>Properties of one object.</summary>
    public RawObject Read(string type, string id, params string[] paths) =>
        Page(Call("RetrievePropertiesEx", "PropertyCollector", "propertyCollector", Specification(type, paths, $"<obj type=\"{type}\">{id}</obj><skip>false</skip>") + "<options/>"))
            .Objects.Single();

    /// <summary>Waits for a task and returns its info; the state tells how it ended.</summary>
    public XElement Wait(XElement task)
    {
        for (var i = 0; i < 1000; i++)
        {
            var info = Read("Task", task.Value, "info").Values["info"];
            if (info.Element(Vim + "state")!.Value is "success" or "error") return info;
            Thread.Sleep(10);
        }

        throw new TimeoutException(task.Value);
    }

    public void Dispose() => _client.Dispose();

    private static string Specification(string type, string[] paths, string objects) =>
        $"<specSet><propSet><type>{type}</type>{string.Concat(paths.Select(path => $"<pathSet>{path}</pathSet>"))}</propSet><objectSet>{objects}</objectSet></specSet>";

    private static (IReadOnlyList<RawObject> Objects, string? Token) Page(IReadOnlyList<XElement> answer) =>
        answer.Count == 0 ? ([], null) : ([.. answer[0].Elements(Vim + "objects").Select(RawObject.From)], answer[0].Element(Vim + "token")?.Value);
}

internal sealed record RawObject(string Type, string Id, IReadOnlyDictionary<string, XElement> Values, IReadOnlyDictionary<string, string> Missing)
{
    public string Name => Values["name"].Value;

    public static RawObject From(XElement content)
    {
        var obj = content.Element(RawSoap.Vim + "obj")!;
        return new RawObject(obj.Attribute("type")!.Value, obj.Value,
            content.Elements(RawSoap.Vim + "propSet").ToDictionary(set => set.Element(RawSoap.Vim + "name")!.Value, set => set.Element(RawSoap.Vim + "val")!),
            content.Elements(RawSoap.Vim + "missingSet").ToDictionary(set => set.Element(RawSoap.Vim + "path")!.Value,
                set => set.Descendants(RawSoap.Vim + "fault").Last().Attribute(RawSoap.TypeName)!.Value));
    }
}

internal sealed class SoapFaultException(string message, XElement detail) : Exception(message)
{
    /// <summary>Type of the fault, such as <c>InvalidLogin</c>.</summary>
    public string Fault { get; } = detail.Attribute(RawSoap.TypeName)!.Value;
}
