using PassthroughTools.Journal;
using PassthroughTools.Vim;

namespace PassthroughTools.Tests.Live;

/// <summary>Runs on VMs of a vSphere server: through the guest down, changed, up again, and back.</summary>
public sealed class LiveRunTests : IDisposable
{
    private static readonly string[] OneVM = ["ShutdownGuest", "ReconfigVM_Task", "PowerOnVM_Task"];
    private LiveRuns _live = null!;

    public void Dispose() => _live?.Dispose();

    [Fact]
    public void VMs_that_are_on_go_down_through_their_guests_one_after_the_other_and_come_back_changed()
    {
        Start();
        var result = _live.Apply("win01", "win02");
        Assert.Empty(result.Errors);
        Assert.Equal(RunState.Completed, result.State);
        Assert.Equal([.. OneVM, .. OneVM], _live.Changes);
        Assert.All(["win01", "win02"], vm => Assert.Equal(("FALSE", "poweredOn"), (_live.Setting(vm), _live.Server.VM(vm).PowerState)));
    }

    [Fact]
    public void Undo_removes_what_was_absent_and_leaves_the_VM_on()
    {
        Start();
        var run = _live.Apply("win01");
        var undone = _live.Undo(run.RunId!);
        Assert.Empty(undone.Errors);
        Assert.Equal(RunState.Undone, undone.State);
        Assert.Equal((null, "poweredOn"), (_live.Setting("win01"), _live.Server.VM("win01").PowerState));
        Assert.Equal([.. OneVM, .. OneVM], _live.Changes);
    }

    [Fact]
    public void A_VM_that_is_off_is_changed_and_stays_off()
    {
        Start();
        Off("win01");
        Assert.Empty(_live.Apply("win01").Errors);
        Assert.Equal(["ReconfigVM_Task"], _live.Changes);
        Assert.Equal(("FALSE", "poweredOff"), (_live.Setting("win01"), _live.Server.VM("win01").PowerState));
    }

    [Fact]
    public void A_VM_that_someone_started_meanwhile_is_not_shut_down()
    {
        Start();
        Off("win01");
        var power = _live.Power(CancellationToken.None);
        var step = _live.Step("win01", power);
        _live.Server.Change(new VSphereVMState { Object = "win01", PowerState = "poweredOn" });
        var result = _live.Executor(power).Apply(new RunRequest { Steps = [step] });
        Assert.Equal("VMIsPoweredOn", Assert.Single(result.Errors).ErrorId);
        Assert.Empty(_live.Changes);
    }

    [Fact]
    public void A_VM_that_was_off_is_not_started_to_ask_its_guest()
    {
        Start();
        Off("win01");
        var power = _live.Power(CancellationToken.None);
        power.Enter(power.NameFor(_live.Target("win01")));
        Assert.Equal("VMIsPoweredOff", Assert.Throws<PassthruException>(() => power.ForGuest(isChange: false)).Definition.Id);
        Assert.Empty(_live.Changes);
    }

    [Fact]
    public void Nothing_to_change_disturbs_nobody()
    {
        Start();
        _live.Server.Change(new VSphereVMState { Object = "win01", ExtraConfig = new Dictionary<string, string?> { [LiveRuns.Key] = "FALSE" } });
        var result = _live.Apply("win01");
        Assert.Null(result.RunId);
        Assert.Empty(_live.Changes);
    }

    [Fact]
    public void A_change_by_someone_else_between_reading_and_writing_is_refused_and_kept()
    {
        Start();
        _live.Server.EditConcurrently("win01");
        var result = _live.Apply("win01");
        Assert.Equal("VSphereConcurrentEdit", Assert.Single(result.Errors).ErrorId);
        Assert.Equal((null, "poweredOn"), (_live.Setting("win01"), _live.Server.VM("win01").PowerState));
    }

    [Fact]
    public void A_guest_that_does_not_go_down_is_given_up_and_nothing_is_changed()
    {
        Start();
        _live.Limits = _live.Limits with { ShutdownTimeout = TimeSpan.FromMilliseconds(200) };
        _live.Server.Change(new VSphereVMState { Object = "win01", NeverShutsDown = true });
        var result = _live.Apply("win01", "win02");
        Assert.Equal("VMShutdownTimeout", result.Errors[0].ErrorId);
        Assert.Equal(["ShutdownGuest"], _live.Changes);
        Assert.Equal(RunState.Failed, result.State);
    }

    [Fact]
    public void A_guest_without_tools_is_not_pulled_down()
    {
        Start();
        _live.Server.Change(new VSphereVMState { Object = "win01", ToolsRunning = false });
        Assert.Equal("VSphereToolsUnavailable", Assert.Single(_live.Apply("win01").Errors).ErrorId);
        Assert.Equal("poweredOn", _live.Server.VM("win01").PowerState);
    }

    [Fact]
    public void A_VM_that_does_not_come_back_stops_the_run_and_undo_brings_it_back()
    {
        Start();
        _live.Server.Change(new VSphereVMState { Object = "win01", FailsToPowerOn = "Out of interrupt vectors." });
        var result = _live.Apply("win01", "win02");
        Assert.Equal("VMDidNotStart", result.Errors[0].ErrorId);
        Assert.Contains("Out of interrupt vectors.", result.Errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("Undo-PassthruRemediation", result.Errors[0].Advice, StringComparison.Ordinal);
        Assert.Null(_live.Setting("win02"));

        _live.Server.Change(new VSphereVMState { Object = "win01", FailsToPowerOn = "" });
        Assert.Empty(_live.Undo(result.RunId!).Errors);
        Assert.Equal((null, "poweredOn"), (_live.Setting("win01"), _live.Server.VM("win01").PowerState));
    }

    [Fact]
    public void A_VM_whose_guest_does_not_answer_after_the_start_stops_the_run()
    {
        Start();
        _live.Limits = _live.Limits with { StartTimeout = TimeSpan.FromMilliseconds(200) };
        _live.OnTold = text =>
        {
            if (text.EndsWith("starting", StringComparison.Ordinal)) _live.Server.Change(new VSphereVMState { Object = "win01", ToolsRunning = false });
        };
        var result = _live.Apply("win01", "win02");
        Assert.Equal("VMStartTimeout", result.Errors[0].ErrorId);
        Assert.Null(_live.Setting("win02"));
    }

    [Fact]
    public void A_run_that_is_stopped_while_a_guest_goes_down_says_so_and_its_undo_starts_the_VM()
    {
        Start();
        using var stop = new CancellationTokenSource();
        _live.OnTold = _ => stop.Cancel();
        var result = _live.Apply(stop.Token, "win01");
        Assert.True(result.WasCancelled);
        Assert.Equal("VMLeftShuttingDown", Assert.Single(result.Errors).ErrorId);
        while (_live.Server.VM("win01").PowerState != "poweredOff") LiveRuns.Token.ThrowIfCancellationRequested();
        Assert.Empty(_live.Undo(result.RunId!).Errors);
        Assert.Equal((null, "poweredOn"), (_live.Setting("win01"), _live.Server.VM("win01").PowerState));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whichever_request_is_cut_the_run_can_be_resumed_and_undone(bool afterwards)
    {
        Start();
        var wasCut = true;
        for (var number = 1; wasCut; number++)
        {
            Assert.True(number < 100, "A run does not take so many requests.");
            _live.Server.ResetRequests();
            _live.Server.DropAt(number, afterwards ? CutMoment.After : CutMoment.Before);
            var run = Try(() => _live.Apply("win01"));
            wasCut = _live.Server.Requests().Sequence.Count >= number;
            _live.Server.Reset();
            if (run is null) continue;
            if (run.State != RunState.Completed) Assert.Empty(_live.Resume(run.RunId!).Errors);
            Assert.Equal((number, "FALSE", "poweredOn"), (number, _live.Setting("win01"), _live.Server.VM("win01").PowerState));
            Assert.Empty(_live.Undo(run.RunId!).Errors);
            Assert.Equal((number, null, "poweredOn"), (number, _live.Setting("win01"), _live.Server.VM("win01").PowerState));
        }
    }

    [Fact]
    public void A_key_that_the_server_keeps_although_it_was_to_be_removed_is_reported()
    {
        Start(new VSphereServerOptions { Quirks = true });
        var run = _live.Apply("win01");
        var undone = _live.Undo(run.RunId!);
        Assert.Equal("SettingNotVerified", Assert.Single(undone.Errors).ErrorId);
        Assert.Equal("poweredOn", _live.Server.VM("win01").PowerState);
    }

    [Fact]
    public void A_server_that_is_not_connected_is_an_error_before_anything_is_written()
    {
        Start();
        var target = new SettingTarget { Kind = VimSettingActuator.KindName, Container = new VimTarget("elsewhere", new ManagedObject("VirtualMachine", "vm-1")).ToString(), Key = LiveRuns.Key };
        Assert.Equal("VSphereNotConnected", Assert.Throws<PassthruException>(() => new VimSettingActuator(_live).Read(target)).ErrorId);
        Assert.Equal("VMTargetUnknown", Assert.Throws<PassthruException>(() => new VimSettingActuator(_live).Read(target with { Container = "/a.vmx" })).ErrorId);
    }

    /// <summary>A cut before the journal is there refuses the run; then nothing was touched.</summary>
    private RunResult? Try(Func<RunResult> action)
    {
        try
        {
            return action();
        }
        catch (PassthruException)
        {
            Assert.Empty(_live.Changes);
            return null;
        }
    }

    private void Start(VSphereServerOptions? options = null) => _live = new LiveRuns(options);

    private void Off(string vm) => _live.Server.Change(new VSphereVMState { Object = vm, PowerState = "poweredOff" });
}
