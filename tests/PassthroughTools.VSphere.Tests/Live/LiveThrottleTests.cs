using PassthroughTools.Journal;
using PassthroughTools.Vim;

namespace PassthroughTools.Tests.Live;

/// <summary>Several VMs on their way at once: in the plan's order, no more than were asked for, and no VM is left behind.</summary>
public sealed class LiveThrottleTests : IDisposable
{
    private static readonly string[] All = ["win01", "win02", "win03", "win04"];
    private readonly LiveRuns _live = new();

    public void Dispose() => _live.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(9)]
    public void No_more_VMs_are_down_than_were_asked_for_and_all_come_back_changed_and_back_again(int limit)
    {
        Limit(limit);
        var run = _live.Apply(All);
        Assert.Empty(run.Errors);
        Assert.Equal(Math.Min(limit, 4), _live.MostDown);
        Assert.All(All, vm => Assert.Equal(("FALSE", "poweredOn"), (_live.Setting(vm), _live.Server.VM(vm).PowerState)));

        _live.Server.ResetRequests();
        Assert.Empty(_live.Undo(run.RunId!).Errors);
        Assert.Equal(Math.Min(limit, 4), _live.MostDown);
        Assert.All(All, vm => Assert.Equal((null, "poweredOn"), (_live.Setting(vm), _live.Server.VM(vm).PowerState)));
    }

    [Fact]
    public void A_VM_that_does_not_come_back_stops_the_run_and_those_on_their_way_down_are_started_unchanged()
    {
        Limit(3);
        _live.Server.Change(new VSphereVMState { Object = "win01", FailsToPowerOn = "Out of interrupt vectors." });
        var run = _live.Apply(All);
        Assert.Equal("VMDidNotStart", run.Errors[0].ErrorId);
        Assert.Equal(("FALSE", "poweredOff"), (_live.Setting("win01"), _live.Server.VM("win01").PowerState));
        Assert.All(All[1..], vm => Assert.Equal((null, "poweredOn"), (_live.Setting(vm), _live.Server.VM(vm).PowerState)));

        _live.Server.Change(new VSphereVMState { Object = "win01", FailsToPowerOn = "" });
        Assert.Empty(_live.Undo(run.RunId!).Errors);
        Assert.Equal((null, "poweredOn"), (_live.Setting("win01"), _live.Server.VM("win01").PowerState));
    }

    [Fact]
    public void A_VM_whose_setting_someone_else_changed_is_not_shut_down_ahead_of_its_turn()
    {
        Limit(2);
        var power = _live.Power(CancellationToken.None);
        var steps = All[..2].Select(vm => _live.Step(vm, power)).ToList();
        var run = _live.Executor(power).Apply(new RunRequest { Steps = steps });
        Assert.Empty(run.Errors);
        _live.Server.Change(new VSphereVMState { Object = "win01", ExtraConfig = new Dictionary<string, string?> { [LiveRuns.Key] = "TRUE" } });
        _live.Server.ResetRequests();
        var undone = _live.Undo(run.RunId!);
        Assert.Equal("UndoConflict", Assert.Single(undone.Errors).ErrorId);
        Assert.Equal(1, _live.Changes.Count(call => call == "ShutdownGuest"));
    }

    [Fact]
    public void A_run_that_is_stopped_says_which_VMs_are_on_their_way_down_and_its_undo_starts_them()
    {
        Limit(4);
        using var stop = new CancellationTokenSource();
        var told = 0;
        _live.OnTold = _ =>
        {
            if (++told == 4) stop.Cancel();
        };
        var run = _live.Apply(stop.Token, All);
        Assert.True(run.WasCancelled);
        foreach (var vm in All)
        {
            while (run.Errors.Any(error => error.Message.StartsWith(vm, StringComparison.Ordinal)) && _live.Server.VM(vm).PowerState != "poweredOff") LiveRuns.Token.ThrowIfCancellationRequested();
        }

        _live.OnTold = _ => { };
        Assert.Empty(_live.Undo(run.RunId!).Errors);
        Assert.All(All, vm => Assert.Equal((null, "poweredOn"), (_live.Setting(vm), _live.Server.VM(vm).PowerState)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whichever_request_is_cut_the_run_can_be_resumed_and_undone(bool afterwards)
    {
        Limit(2);
        var wasCut = true;
        for (var number = 5; wasCut; number += 2)
        {
            Assert.True(number < 200, "A run does not take so many requests.");
            _live.Server.ResetRequests();
            _live.Server.DropAt(number, afterwards ? CutMoment.After : CutMoment.Before);
            RunResult? run = null;
            try
            {
                run = _live.Apply("win01", "win02");
            }
            catch (PassthruException)
            {
                Assert.Empty(_live.Changes);
            }

            wasCut = _live.Server.Requests().Sequence.Count >= number;
            _live.Server.Reset();
            if (run is null) continue;
            if (run.State != RunState.Completed) Assert.Empty(_live.Resume(run.RunId!).Errors);
            AssertAll(number, "FALSE");
            Assert.Empty(_live.Undo(run.RunId!).Errors);
            AssertAll(number, null);
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Whichever_request_of_an_undo_is_cut_it_can_be_undone_again(int limit, bool afterwards)
    {
        Limit(limit);
        var wasCut = true;
        for (var number = 1; wasCut; number += limit)
        {
            Assert.True(number < 200, "An undo does not take so many requests.");
            var run = _live.Apply("win01", "win02");
            Assert.Empty(run.Errors);
            _live.Server.ResetRequests();
            _live.Server.DropAt(number, afterwards ? CutMoment.After : CutMoment.Before);
            var undone = _live.Undo(run.RunId!);
            wasCut = _live.Server.Requests().Sequence.Count >= number;
            _live.Server.Reset();
            if (undone.State != RunState.Undone) Assert.Empty(_live.Undo(run.RunId!).Errors);
            AssertAll(number, null);
        }
    }

    private void AssertAll(int number, string? value) =>
        Assert.All(All[..2], vm => Assert.Equal((number, value, "poweredOn"), (number, _live.Setting(vm), _live.Server.VM(vm).PowerState)));

    private void Limit(int limit) => _live.Limits = _live.Limits with { ThrottleLimit = limit };
}
