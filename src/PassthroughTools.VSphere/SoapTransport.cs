using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Xml;
using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <summary>
/// Calls a server: TLS, the session's cookie, time limits, and one way from what can go wrong to the errors of the catalogue. Redirections are not followed
/// and no proxy is used, so that a password reaches nobody but the server whose certificate was checked.
/// </summary>
internal sealed class SoapTransport : IDisposable
{
    private const string SessionCookie = "vmware_soap_session";
    private const long MostCharacters = 512L << 20;
    private const long MostCharactersOfStrangers = 4L << 20;
    private readonly HttpClient _http;
    private readonly CertificateCheck _certificates;
    private readonly ServerAddress _address;
    private readonly TimeSpan _limit;
    private string? _cookie;
    private int _requests;

    public SoapTransport(ServerAddress address, VSphereOptions options)
    {
        _address = address;
        _limit = options.Timeout;
        _certificates = new CertificateCheck(address.Name, options.Thumbprints, options.SkipCertificateCheck);
        var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
#pragma warning disable MA0039 // a pinned certificate is what administrators have who run vCenter with its own authority
            ServerCertificateCustomValidationCallback = _certificates.Accept,
#pragma warning restore MA0039
        };
        // Limits are kept here, a phase at a time.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("PassthroughTools", typeof(SoapTransport).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary>Version of the API to speak, as the SOAPAction wants it.</summary>
    public string Version { get; set; } = ApiVersions.NewestKnown;

    /// <summary>Whether the server has proven to be one of vSphere, so that garbage is an accident.</summary>
    public bool IsKnown { get; set; }

    /// <summary>Number of requests so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Reads the document that lists the versions of the API.</summary>
    /// <param name="cancellation">Cancels.</param>
    public VimElement GetVersions(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _address.Sdk + "/vimServiceVersions.xml");
        return Send(request, "asking for the versions of its API", xml =>
        {
            xml.MoveToContent();
            return VimElementReader.Read(xml);
        }, _limit, cancellation);
    }

    /// <summary>Calls a method.</summary>
    /// <param name="call">Request.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="limit">Time limit other than the usual.</param>
    /// <returns>What it returns: the elements called returnval.</returns>
    /// <exception cref="SoapFaultException">The server refuses.</exception>
    public IReadOnlyList<VimElement> Call(SoapRequest call, CancellationToken cancellation, TimeSpan? limit = null)
    {
        var bytes = call.Finish();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address.Sdk) { Content = new ByteArrayContent(bytes) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/xml") { CharSet = "utf-8" };
            request.Headers.TryAddWithoutValidation("SOAPAction", "\"urn:vim25/" + Version + "\"");
            if (_cookie is { } cookie) request.Headers.TryAddWithoutValidation("Cookie", cookie);
            return Send(request, "answering " + call.Method, SoapAnswer.Read, limit ?? _limit, cancellation);
        }
        finally
        {
            if (call.IsSecret) Array.Clear(bytes, 0, bytes.Length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private T Send<T>(HttpRequestMessage request, string phase, Func<XmlReader, T> read, TimeSpan limit, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _requests);
        var hasAnswered = false;
        WatchedStream? body = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            stop.CancelAfter(limit);
            using var response = _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token).GetAwaiter().GetResult();
            hasAnswered = true;
            CheckStatus(response);
            TakeCookie(response);
#if !NET8_0_OR_GREATER
            // There a read does not heed its token.
            using var abort = stop.Token.Register(response.Dispose);
#endif
            body = new WatchedStream(Open(response.Content, stop.Token), limit, stop);
            using var xml = VimElementReader.Open(body, IsKnown ? MostCharacters : MostCharactersOfStrangers);
            return read(xml);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is not (SoapFaultException or PassthruException))
        {
            var seconds = limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
            throw VimConnectionErrors.TimedOut.Because(e, _address.Name, _address.Name, _certificates.HasSeenOne ? phase : "connecting", seconds);
        }
        catch (XmlException e)
        {
            throw Unreadable(e, phase, body?.HasEnded == true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or ObjectDisposedException or InvalidDataException)
        {
            throw Broken(e, phase, hasAnswered);
        }
    }

#if NET8_0_OR_GREATER
    private static Stream Open(HttpContent content, CancellationToken stop) => content.ReadAsStreamAsync(stop).GetAwaiter().GetResult();
#else
    private static Stream Open(HttpContent content, CancellationToken stop) => content.ReadAsStreamAsync().GetAwaiter().GetResult();
#endif

    private void CheckStatus(HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.InternalServerError:
                return;
            case HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout:
                throw VimConnectionErrors.ServiceUnavailable.For(_address.Name, _address.Name, (int)response.StatusCode);
            default:
                throw VimConnectionErrors.NotVSphere.For(_address.Name, _address.Name, "HTTP " + ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        }
    }

    private void TakeCookie(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var cookies)) return;
        foreach (var cookie in cookies)
        {
            if (cookie.StartsWith(SessionCookie + "=", StringComparison.OrdinalIgnoreCase)) _cookie = cookie.Split(';')[0].Trim();
        }
    }

    private PassthruException Unreadable(XmlException e, string phase, bool hasEnded)
    {
        var server = _address.Name;
        if (!IsKnown) return VimConnectionErrors.NotVSphere.Because(e, server, server, "what it sent is not an answer of that API");
        return hasEnded
            ? VimConnectionErrors.ConnectionLost.Because(e, server, server, phase, "the answer ended early")
            : VimConnectionErrors.AnswerUnreadable.Because(e, server, server, phase, e.Message);
    }

    private PassthruException Broken(Exception e, string phase, bool hasAnswered)
    {
        var server = _address.Name;
        if (_certificates.Refusal is { } refusal) return refusal;
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                case WebException { Status: WebExceptionStatus.NameResolutionFailure }:
                    return VimConnectionErrors.NameNotResolved.Because(e, server, server);
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut }
                    when !hasAnswered:
                    return VimConnectionErrors.Unreachable.Because(e, server, server, cause.Message);
                case WebException { Status: WebExceptionStatus.ConnectFailure }:
                    return VimConnectionErrors.Unreachable.Because(e, server, server, cause.Message);
            }
        }

        var last = e;
        while (last.InnerException is not null) last = last.InnerException;
        return _certificates.HasSeenOne
            ? VimConnectionErrors.ConnectionLost.Because(e, server, server, phase, last.Message)
            : VimConnectionErrors.TlsFailed.Because(e, server, server, last.Message);
    }
}
