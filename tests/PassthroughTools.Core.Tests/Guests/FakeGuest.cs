using System.Text;
using System.Text.RegularExpressions;
using PassthroughTools.Guests;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Guests;

/// <summary>A guest that answers what it is told to, framed as the script frames it, and shortens or spoils the output as a transport may.</summary>
internal sealed class FakeGuest(string json) : IGuestTransport, IGuestTransports
{
    private static readonly Regex Request = new(@"\} '([A-Za-z0-9+/=|,-]+)'\s*$");

    public GuestTarget Target { get; init; } = new(GuestRoute.Remoting, "web01");

    public string Name { get; init; } = "web01";

    public GuestFamily Family { get; init; } = GuestFamily.Windows;

    public int? MaximumScript => null;

    public int AnswerSize { get; init; }

    public Func<string, string> Spoil { get; init; } = text => text;

    public Queue<string> Answers { get; } = new();

    public List<string[]> Requests { get; } = [];

    public string Run(string script, GuestFamily family, TimeSpan timeout, CancellationToken cancellation)
    {
        var fields = Request.Match(script).Groups[1].Value.Split('|');
        Requests.Add(fields);
        var whole = Answers.Count > 0 ? Answers.Dequeue() : json;
        var (offset, size) = (int.Parse(fields[2]), int.Parse(fields[3]));
        var part = size == 0 ? whole : whole.Substring(offset, Math.Min(size, whole.Length - offset));
        return Spoil($"PTG1:{fields[0]}:{whole.Length}:{offset}:{part.Length}:{GuestScripts.Hash(whole)}:{part}:{fields[0]}:END");
    }

    public IGuestTransport Find(GuestTarget target) => this;

    /// <summary>The fields of an item of the last request.</summary>
    public string?[] Item(int index) => [.. Requests[^1][4 + index].Split(',').Select(part => part == "-" ? null : Encoding.UTF8.GetString(Convert.FromBase64String(part)))];
}
