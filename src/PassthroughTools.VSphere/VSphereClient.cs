using PassthroughTools.Vim;

namespace PassthroughTools.VSphere;

/// <summary>
/// A session with a vCenter or an ESXi host over the vSphere API (SOAP), API versions 6.5 to 9. Needs nothing but .NET. Every failure is an error of
/// <see cref="VimErrors"/> or <see cref="VimConnectionErrors"/>. The password is read while connecting and not kept: a session that is over stays
/// over, and says so. The session is ended by <see cref="Dispose"/>, at the latest when the process ends.
/// </summary>
public sealed partial class VSphereClient : IVimSession, IDisposable
{
    private static readonly ManagedObject ServiceInstance = new("ServiceInstance", "ServiceInstance");
    private static readonly TimeSpan LogoutLimit = TimeSpan.FromSeconds(5);
    private readonly SoapTransport _transport;
    private readonly VSphereOptions _options;
    private readonly VimElement _content;
    private readonly KeepAlive _keepAlive;
    private int _isClosed;

    private VSphereClient(SoapTransport transport, ServerAddress address, VSphereOptions options, VimElement content)
    {
        _transport = transport;
        // What is left of the password is the caller's.
        _options = options with { Password = new System.Security.SecureString() };
        _content = content;
        var about = content.Data("about");
        Connection = new PassthruVIServer(address.Name, options.User)
        {
            ApiVersion = about?.Text("apiVersion"),
            Product = about?.Text("name"),
            Version = about?.Text("version"),
            Build = about?.Text("build"),
            InstanceUuid = about?.Text("instanceUuid") is { Length: > 0 } uuid ? uuid : null,
            IsVirtualCenter = about?.Text("apiType") == "VirtualCenter",
            ConnectedAt = DateTimeOffset.Now,
        };
        _keepAlive = new KeepAlive(Touch, options.KeepAliveEvery, options.KeepAliveFor);
        SessionsAtExit.Add(this);
    }

    /// <summary>What the session is with; holds no secret.</summary>
    public PassthruVIServer Connection { get; }

    /// <inheritdoc/>
    public string Server => Connection.Server;

    /// <inheritdoc/>
    public string? User => Connection.User;

    /// <inheritdoc/>
    public string? ApiVersion => Connection.ApiVersion;

    /// <inheritdoc/>
    public string? InstanceUuid => Connection.InstanceUuid;

    /// <inheritdoc/>
    public bool IsVirtualCenter => Connection.IsVirtualCenter;

    /// <summary>Number of requests since connecting began.</summary>
    public int Requests => _transport.Requests;

    /// <summary>Connects and logs in: three requests.</summary>
    /// <param name="options">Server, user, password, what to trust, limits.</param>
    /// <param name="cancellation">Cancels.</param>
    public static VSphereClient Connect(VSphereOptions options, CancellationToken cancellation = default)
    {
        var address = ServerAddress.Parse(options.Server);
        var transport = new SoapTransport(address, options);
        try
        {
            VimTrace.Write($"{address.Name}: versions of the API");
            transport.Version = ApiVersions.Choose(address.Name, transport.GetVersions(cancellation));
            transport.IsKnown = true;
            VimTrace.Write($"{address.Name}: RetrieveServiceContent, API {transport.Version}");
            var content = Content(transport, address.Name, cancellation);
            VimTrace.Write($"{address.Name}: Login as {options.User}");
            Login(transport, address.Name, options, content, cancellation);
            return new VSphereClient(transport, address, options, content);
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }

    /// <summary>Ends the session; a server that does not answer is not waited for. Once it is ended every call says so.</summary>
    public void Dispose() => Close(LogoutLimit);

    internal void Close(TimeSpan limit)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        SessionsAtExit.Remove(this);
        _keepAlive.Dispose();
        try
        {
            VimTrace.Write($"{Server}: Logout");
            _transport.Call(new SoapRequest("Logout", Manager("sessionManager")), CancellationToken.None, limit);
        }
        catch (Exception e) when (e is PassthruException or SoapFaultException or OperationCanceledException)
        {
            // The server ends it for idling, then.
        }

        _transport.Dispose();
    }

    private static VimElement Content(SoapTransport transport, string server, CancellationToken cancellation)
    {
        try
        {
            var content = transport.Call(new SoapRequest("RetrieveServiceContent", ServiceInstance), cancellation);
            if (content is [var only] && only.Reference("sessionManager") is not null && only.Reference("propertyCollector") is not null) return only;
            throw VimConnectionErrors.NotVSphere.For(server, server, "its service content is not complete");
        }
        catch (SoapFaultException e)
        {
            throw e.Fault.ToException(server, "RetrieveServiceContent", server, server);
        }
    }

    private static void Login(SoapTransport transport, string server, VSphereOptions options, VimElement content, CancellationToken cancellation)
    {
        var login = new SoapRequest("Login", content.Reference("sessionManager")!.Value);
        try
        {
            login.Text("userName", options.User);
        }
        catch (ArgumentException)
        {
            throw VimConnectionErrors.LoginFailed.For(server, server, "", "the user's name holds a character that can't be sent");
        }

        if (!login.TryPassword("password", options.Password))
        {
            login.Clear();
            throw VimConnectionErrors.LoginFailed.For(server, server, options.User, "the password holds a character that can't be sent");
        }

        try
        {
            transport.Call(login, cancellation);
        }
        catch (SoapFaultException e) when (e.Fault.Type is "InvalidLogin" or "NoPermission" or "RestrictedVersion" or "NotSupported")
        {
            throw VimConnectionErrors.LoginFailed.For(server, server, options.User, e.Fault.Words);
        }
        catch (SoapFaultException e)
        {
            throw e.Fault.ToException(server, "Login", server, server);
        }
    }

    private void Touch(CancellationToken cancellation)
    {
        try
        {
            _transport.Call(new SoapRequest("CurrentTime", ServiceInstance), cancellation);
        }
        catch (Exception e) when (e is PassthruException or SoapFaultException or OperationCanceledException)
        {
            // Whoever asks next is told what is the matter.
        }
    }

    private ManagedObject Manager(string name) =>
        _content.Reference(name) ?? throw VimErrors.Fault.For(Server, Server, name, "it has no such service");

    private IReadOnlyList<VimElement> Ask(SoapRequest request, string what, CancellationToken cancellation)
    {
        if (Volatile.Read(ref _isClosed) != 0) throw VimConnectionErrors.SessionExpired.For(Server, Server);
        cancellation.ThrowIfCancellationRequested();
        _keepAlive.Used();
        VimTrace.Write($"{Server}: {request.Method}{(what.Length > 0 ? " " : "")}{what}");
        return _transport.Call(request, cancellation);
    }

    private IReadOnlyList<VimElement> AskOf(ManagedObject on, string operation, SoapRequest request, CancellationToken cancellation)
    {
        try
        {
            return Ask(request, on.ToString(), cancellation);
        }
        catch (SoapFaultException e)
        {
            throw e.Fault.ToException(Subject(on), operation, Server, Target(on));
        }
    }

    private string Subject(ManagedObject of) => $"{of} of {Server}";

    private VimTarget Target(ManagedObject of) => new(Server, of);
}
