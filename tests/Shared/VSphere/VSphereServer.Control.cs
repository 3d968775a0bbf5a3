using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PassthroughTools.Tests;

/// <summary>When a connection is cut: before the request is carried out, after it, or in the middle of the answer.</summary>
internal enum CutMoment
{
    Before,
    After,
    Middle,
}

/// <summary>What the server was asked since the last reset.</summary>
/// <param name="Total">All SOAP requests.</param>
/// <param name="Methods">Requests by method.</param>
/// <param name="Sequence">The methods in the order in which they came.</param>
/// <param name="Peak">Most requests at one time.</param>
/// <param name="Sessions">Sessions that are logged in now.</param>
internal sealed record VSphereRequests(int Total, IReadOnlyDictionary<string, int> Methods, IReadOnlyList<string> Sequence, int Peak, int Sessions);

/// <summary>A VM as the server has it, seen past the API. In a change, only what is set is changed.</summary>
internal sealed record VSphereVMState
{
    /// <summary>Name, or ID such as <c>vm-17</c>.</summary>
    public required string Object { get; init; }

    public string? Id { get; init; }

    /// <summary><c>poweredOn</c> or <c>poweredOff</c>.</summary>
    public string? PowerState { get; init; }

    public bool? ToolsRunning { get; init; }

    public bool? NeverShutsDown { get; init; }

    /// <summary>Message with which a power-on fails; empty where it does not.</summary>
    public string? FailsToPowerOn { get; init; }

    public string? ChangeVersion { get; init; }

    /// <summary>In a change, a key with null is removed.</summary>
    public IReadOnlyDictionary<string, string?>? ExtraConfig { get; init; }

    /// <summary>Keys that extraConfig has more than once.</summary>
    public IReadOnlyList<string>? Repeated { get; init; }
}

internal sealed partial class VSphereServer
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Delays each request, or those of one method, the given number of times (0: until the reset).</summary>
    public void Slow(TimeSpan delay, string? method = null, int times = 0) => Post("slow", new { ms = (int)delay.TotalMilliseconds, method, times });

    /// <summary>Cuts the connection of the n-th SOAP request since the last reset, counted from 1.</summary>
    public void DropAt(int number, CutMoment when = CutMoment.Before) => Post("drop", new { at = number, when = Word(when) });

    /// <summary>Cuts the connection of the next requests of a method.</summary>
    public void Drop(string method, CutMoment when = CutMoment.Before, int times = 1) => Post("drop", new { method, when = Word(when), times });

    /// <summary>Answers the next requests with an HTTP status and a page of HTML.</summary>
    public void AnswerWithStatus(int status, string? method = null, int times = 1) => Post("status", new { status, method, times });

    /// <summary>Answers the next requests of a method with a fault, named after its type in the API.</summary>
    public void Fault(string fault, string? message = null, string? method = null, int times = 1) => Post("fault", new { fault, message, method, times });

    /// <summary>Lets the next task fail, or the next one that a method starts.</summary>
    public void FailTask(string fault = "SystemError", string? message = null, string? method = null, int times = 1) => Post("task-error", new { fault, message, method, times });

    /// <summary>Denies a method on an object (name or ID), or reading and every method of it.</summary>
    public void Deny(string? target, string? method = null) => Post("deny", new { @object = target, method });

    /// <summary>Ends all sessions.</summary>
    public void ExpireSession() => Post("session/expire", new { });

    /// <summary>Someone else edits a VM just before the next ReconfigVM, or now: its change version moves on.</summary>
    public void EditConcurrently(string vm, bool now = false) => Post("concurrent", new { @object = vm, now });

    /// <summary>Takes a VM or a host out of the inventory.</summary>
    public void Remove(string target) => Post("remove", new { @object = target });

    /// <summary>A VM as the server has it.</summary>
    public VSphereVMState VM(string name) => Read<VSphereVMState>(new HttpRequestMessage(HttpMethod.Get, "vm?object=" + Uri.EscapeDataString(name)));

    /// <summary>Changes a VM behind the client's back.</summary>
    public void Change(VSphereVMState state) => Post("vm", state);

    /// <summary>Changes a host: <c>connected</c>, <c>disconnected</c> or <c>notResponding</c>; maintenance; another file as its vmkernel log.</summary>
    public void ChangeHost(string name, string? connectionState = null, bool? inMaintenanceMode = null, string? log = null) =>
        Post("host", new { @object = name, connectionState, inMaintenanceMode, log });

    /// <summary>What was asked since the last reset.</summary>
    public VSphereRequests Requests() => Read<VSphereRequests>(new HttpRequestMessage(HttpMethod.Get, "requests"));

    /// <summary>Forgets the counts and keeps the faults.</summary>
    public void ResetRequests() => Post("requests/reset", new { });

    /// <summary>Forgets the counts and the faults; what faults did to the inventory stays.</summary>
    public void Reset() => Post("reset", new { });

    private static string Word(CutMoment when) => when switch { CutMoment.Before => "before", CutMoment.After => "after", _ => "middle" };

    private void Post(string path, object body) =>
        Read<JsonElement>(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, body.GetType(), options: Json) });

    private T Read<T>(HttpRequestMessage request)
    {
        using (request)
        using (var response = _control.Send(request))
        using (var stream = response.Content.ReadAsStream())
        {
            if (!response.IsSuccessStatusCode) Assert.Fail($"{request.RequestUri}: {new StreamReader(stream).ReadToEnd()}");
            return JsonSerializer.Deserialize<T>(stream, Json)!;
        }
    }
}
