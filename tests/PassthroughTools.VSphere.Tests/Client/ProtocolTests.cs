using PassthroughTools.Vim;

namespace PassthroughTools.Tests.Client;

/// <summary>Answers that the test server never gives.</summary>
public sealed class ProtocolTests
{
    private static readonly ManagedObject[] Three = [new("VirtualMachine", "vm-1"), new("VirtualMachine", "vm-2"), new("VirtualMachine", "vm-3")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_server_that_fails_the_whole_call_for_one_missing_object_is_asked_for_the_rest()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, retrieve =>
            retrieve.Body.Contains("vm-2", StringComparison.Ordinal)
                ? ScriptedAnswer.Fault("ManagedObjectNotFound", "gone", "<obj type=\"VirtualMachine\">vm-2</obj>")
                : ScriptedAnswer.Returns("RetrievePropertiesEx", "<returnval>" + Objects(retrieve) + "</returnval>")));
        using var client = Connecting.To(server);
        var found = client.Retrieve(Three, ["name"], Token).ToDictionary(one => one.Reference.Value, one => one.Refused.Count == 0 ? one.Properties.Text("name") : one.Refused["name"].ErrorId);
        Assert.Equal(("one", "VSphereObjectGone", "one"), (found["vm-1"], found["vm-2"], found["vm-3"]));
    }

    [Fact]
    public void Many_missing_objects_are_found_by_halving_in_a_bounded_number_of_requests()
    {
        var all = Enumerable.Range(0, 128).Select(number => new ManagedObject("VirtualMachine", $"vm-{number}-")).ToList();
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, retrieve =>
            all.FindIndex(one => int.Parse(one.Value.Split('-')[1]) % 2 == 1 && retrieve.Body.Contains(one.Value + "<", StringComparison.Ordinal)) is >= 0 and var at
                ? ScriptedAnswer.Fault("ManagedObjectNotFound", "gone", $"<obj type=\"VirtualMachine\">{all[at].Value}</obj>")
                : ScriptedAnswer.Returns("RetrievePropertiesEx", "<returnval>" + Objects(retrieve) + "</returnval>")));
        using var client = Connecting.To(server);
        var found = client.Retrieve(all, ["name"], Token).ToList();
        Assert.Equal((64, 64), (found.Count(one => one.Refused.Count > 0), found.Count(one => one.Refused.Count == 0)));
        Assert.InRange(client.Requests, 4, 3 + (2 * 128));
    }

    [Fact]
    public void A_page_that_breaks_off_is_a_lost_connection()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, _ => ScriptedAnswer.Returns("RetrievePropertiesEx", new string(' ', 9000)).Cut()));
        using var client = Connecting.To(server);
        Assert.Equal("VSphereConnectionLost", Connecting.Fails(() => client.Retrieve(Three, ["name"], Token).ToList()).ErrorId);
    }

    [Theory]
    [InlineData("<html>a proxy</html>")]
    [InlineData("nothing")]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>")]
    public void Garbage_from_a_known_server_is_unreadable(string garbage)
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, _ => ScriptedAnswer.Http(200, garbage)));
        using var client = Connecting.To(server);
        Assert.Equal("VSphereAnswerUnreadable", Connecting.Fails(() => client.Retrieve(Three, ["name"], Token).ToList()).ErrorId);
    }

    [Fact]
    public void Elements_that_are_nested_without_end_are_unreadable()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 100_000));
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, _ => ScriptedAnswer.Returns("RetrievePropertiesEx", deep)));
        using var client = Connecting.To(server);
        Assert.Equal("VSphereAnswerUnreadable", Connecting.Fails(() => client.Retrieve(Three, ["name"], Token).ToList()).ErrorId);
    }

    [Fact]
    public void An_answer_that_stalls_times_out()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, _ =>
        {
            var whole = ScriptedAnswer.Returns("RetrievePropertiesEx", new string(' ', 9000));
            return whole with { Bytes = whole.Bytes[..5000] };
        }));
        using var client = Connecting.To(server, options => options with { Timeout = TimeSpan.FromSeconds(1) });
        Assert.Equal("VSphereTimeout", Connecting.Fails(() => client.Retrieve(Three, ["name"], Token).ToList()).ErrorId);
    }

    [Fact]
    public void All_that_a_fault_says_is_passed_on()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, _ => ScriptedAnswer.Fault(
            "ResourceInUse", "The resource is in use.",
            "<faultCause><fault xsi:type=\"SystemError\"/><localizedMessage>cause</localizedMessage></faultCause><faultMessage><key>k</key><message>the VM is being backed up</message></faultMessage>")));
        using var client = Connecting.To(server);
        var e = Connecting.Fails(() => client.PowerOn(Three[0], null, Token));
        Assert.Equal("VSphereFault", e.ErrorId);
        foreach (var words in new[] { "The resource is in use.", "the VM is being backed up", "cause", "(ResourceInUse)" }) Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_nil_or_empty_or_long_are_read_as_such()
    {
        var text = new string('x', 5000) + "é<&>";
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, _ => ScriptedAnswer.Returns("RetrievePropertiesEx", $"""
            <returnval><objects><obj type="VirtualMachine">vm-1</obj>
            <propSet><name>name</name><val xsi:type="xsd:string">{text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)}</val></propSet>
            <propSet><name>a</name><val xsi:type="Thing"><b xsi:nil="true"/><c/><d>-7</d><e>true</e><f>2026-01-02T03:04:05Z</f><g>x</g><g>y</g></val></propSet>
            <propSet><name>none</name><val xsi:type="ArrayOfThing"></val></propSet></objects></returnval>
            """)));
        using var client = Connecting.To(server);
        var found = client.Retrieve([Three[0]], ["name", "a", "none"], Token).Single().Properties;
        Assert.Equal(text, found.Text("name"));
        Assert.Equal((null, "", -7L, true, "Thing"), (found.Text("a.b"), found.Text("a.c"), found.Number("a.d"), found.Flag("a.e"), found.Data("a")!.TypeName));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), found.Time("a.f"));
        Assert.Equal(["x", "y"], found.Texts("a.g"));
        Assert.Empty(found.List("none"));
        Assert.Null(found.Number("a.c"));
    }

    [Fact]
    public void An_idle_session_is_kept_alive()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request, _ => ScriptedAnswer.Returns("CurrentTime", "<returnval>2026-01-02T03:04:05Z</returnval>")));
        using var client = Connecting.To(server, options => options with { KeepAliveEvery = TimeSpan.FromMilliseconds(20) });
        while (server.Requests.Count(request => request.Method == "CurrentTime") < 3) Token.ThrowIfCancellationRequested();
        Assert.All(server.Requests.Where(request => request.Method == "CurrentTime"), request => Assert.Contains("Cookie: vmware_soap_session=\"abc-1\"", request.Headers));
    }

    [Fact]
    public async Task A_session_that_nobody_used_for_long_is_left_to_expire()
    {
        using var server = new ScriptedServer(request => ScriptedServer.VCenter(request));
        using var client = Connecting.To(server, options => options with { KeepAliveEvery = TimeSpan.FromMilliseconds(1), KeepAliveFor = TimeSpan.Zero });
        await Task.Delay(50, Token);
        Assert.DoesNotContain(server.Requests, request => request.Method == "CurrentTime");
    }

    private static string Objects(ScriptedRequest request) => string.Concat(System.Text.RegularExpressions.Regex.Matches(request.Body, "<obj type=\"VirtualMachine\">([^<]*)</obj>")
        .Select(match => $"<objects><obj type=\"VirtualMachine\">{match.Groups[1].Value}</obj><propSet><name>name</name><val xsi:type=\"xsd:string\">one</val></propSet></objects>"));
}
