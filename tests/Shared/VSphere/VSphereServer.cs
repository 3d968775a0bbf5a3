using System.Diagnostics;
using System.Text.Json;

namespace PassthroughTools.Tests;

/// <summary>A running stand-in for a vCenter (tests/vsphere-server), on free ports of 127.0.0.1. It ends with this object, or with this process.</summary>
internal sealed partial class VSphereServer : IDisposable
{
    private readonly Process _process;
    private readonly string? _inventory;
    private readonly HttpClient _control;
    private readonly Task<string> _errors;

    private VSphereServer(Process process, string? inventory, JsonElement ready, Task<string> errors)
    {
        string text(string name) => ready.TryGetProperty(name, out var value) ? value.GetString()! : "";
        _process = process;
        _inventory = inventory;
        _errors = errors;
        Url = new Uri(text("url"));
        Host = text("host");
        Port = ready.GetProperty("port").GetInt32();
        User = text("user");
        Password = text("password");
        Thumbprint = text("thumbprintSha256");
        ThumbprintSha1 = text("thumbprintSha1");
        _control = new HttpClient { BaseAddress = new Uri(text("control")) };
    }

    /// <summary>Address of the API, <c>https://127.0.0.1:port/sdk</c>.</summary>
    public Uri Url { get; }

    /// <summary>Host part of the address.</summary>
    public string Host { get; }

    /// <summary>Port of the address.</summary>
    public int Port { get; }

    /// <summary><c>host:port</c>, as an administrator writes it.</summary>
    public string Server => $"{Host}:{Port}";

    /// <summary>The user that may log in.</summary>
    public string User { get; }

    /// <summary>Its password.</summary>
    public string Password { get; }

    /// <summary>SHA-256 of the certificate, upper-case hex with colons; empty without TLS.</summary>
    public string Thumbprint { get; }

    /// <summary>SHA-1 of the certificate, in the same form.</summary>
    public string ThumbprintSha1 { get; }

    /// <summary>Builds the server where needed, starts it and waits until it is ready.</summary>
    public static VSphereServer Start(VSphereServerOptions? options = null)
    {
        options ??= new VSphereServerOptions();
        string? draft = null;
        var inventory = options.Inventory;
        if (options.InventoryJson is not null)
        {
            inventory = draft = Path.GetTempFileName();
            File.WriteAllText(draft, options.InventoryJson);
        }
        else if (inventory is null && options.Hosts == 0)
        {
            inventory = VSphereServerBuild.DefaultInventory;
        }

        var process = Process.Start(new ProcessStartInfo(VSphereServerBuild.Program, options.Arguments(inventory))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = process.StandardOutput.ReadLine();
        if (line is null)
        {
            process.WaitForExit();
            Assert.Fail("The vSphere server did not start: " + errors.Result);
        }

        using var ready = JsonDocument.Parse(line);
        return new VSphereServer(process, draft, ready.RootElement, errors);
    }

    /// <summary>Fetches properties of all hosts and VMs with the simulator's own Go client: the peer of a benchmark.</summary>
    public VSphereRawFetch FetchRaw(IEnumerable<string>? hostProperties = null, IEnumerable<string>? vmProperties = null, int times = 1)
    {
        var arguments = new List<string> { "rawclient", "-url=" + Url, "-user=" + User, "-password=" + Password, "-times=" + times };
        if (hostProperties is not null) arguments.Add("-hosts=" + string.Join(',', hostProperties));
        if (vmProperties is not null) arguments.Add("-vms=" + string.Join(',', vmProperties));
        using var client = Process.Start(new ProcessStartInfo(VSphereServerBuild.Program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var text = client.StandardOutput.ReadToEnd();
        client.WaitForExit();
        Assert.Equal(0, client.ExitCode);
        return JsonSerializer.Deserialize<VSphereRawFetch>(text, Json)!;
    }

    /// <summary>Ends the server.</summary>
    public void Dispose()
    {
        _control.Dispose();
        _process.StandardInput.Dispose();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.WaitForExit();
        _errors.Wait();
        _process.Dispose();
        if (_inventory is not null) File.Delete(_inventory);
    }
}
