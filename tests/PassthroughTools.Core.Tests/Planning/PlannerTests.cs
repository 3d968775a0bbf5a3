using PassthroughTools.Planning;

namespace PassthroughTools.Tests.Planning;

public sealed class PlannerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_fewest_reboots_for_the_outage_of_2012_are_two_VMs_with_an_even_limit_of_four()
    {
        // Three untouched VMs would take 192 of 144; two take 128, which leaves 16 for the four devices of the others.
        var plan = Planner.Solve(Outage(PlanObjective.FewestReboots), Token);

        Assert.Equal(PlanStatus.Optimal, plan.Status);
        Assert.Equal((2, 0, 4 * 28), (plan.VMsChanged, plan.DevicesLosingMsi, plan.VectorsTakenAway));
        Assert.Equal(144, plan.Pools[0].Used);
        Assert.All(["vm1/a", "vm1/b", "vm2/a", "vm2/b"], id => Assert.Equal(4, plan.Choices[id].Limit));
        Assert.All(["vm3/a", "vm3/b", "vm4/a", "vm4/b"], id => Assert.Equal(PlanAction.Keep, plan.Choices[id].Action));
    }

    [Fact]
    public void The_even_share_for_the_outage_of_2012_is_sixteen_for_every_device()
    {
        // 144 / 8 = 18, and the power of two below it is 16.
        var plan = Planner.Solve(Outage(PlanObjective.EvenShare), Token);

        Assert.Equal((4, 0, 8 * 16), (plan.VMsChanged, plan.DevicesLosingMsi, plan.VectorsTakenAway));
        Assert.All(plan.Choices.Values, option => Assert.Equal(16, option.Limit));
    }

    [Fact]
    public void Without_limits_the_outage_of_2012_takes_MSI_from_four_devices()
    {
        // Two VMs keep 128; with one of the other four devices at 32 it would be 163.
        var plan = Planner.Solve(Outage(PlanObjective.MsiOff), Token);

        Assert.Equal((2, 4, 4 * 31), (plan.VMsChanged, plan.DevicesLosingMsi, plan.VectorsTakenAway));
        Assert.Equal(132, plan.Pools[0].Used);
    }

    [Fact]
    public void A_host_that_fits_is_left_alone()
    {
        var plan = Planner.Solve(Outage(PlanObjective.FewestReboots, available: 256), Token);

        Assert.True(plan.ProvenOptimal);
        Assert.All(plan.Choices.Values, option => Assert.Equal(PlanAction.Keep, option.Action));
    }

    [Fact]
    public void A_host_without_devices_fits()
    {
        var plan = Planner.Solve(new PlanProblem { Pools = [new PlanPool("p", 0)], Devices = [] }, Token);

        Assert.Equal(PlanStatus.Optimal, plan.Status);
    }

    [Fact]
    public void A_pool_that_the_host_overdraws_by_itself_is_short_by_that_much()
    {
        var plan = Planner.Solve(new PlanProblem { Pools = [new PlanPool("p", -5)], Devices = [] }, Token);

        Assert.Equal(PlanStatus.Infeasible, plan.Status);
        Assert.Equal(5, plan.Shortfall!.Alone[0].Missing);
    }

    [Fact]
    public void An_impossible_host_says_how_many_vectors_are_missing()
    {
        // Eight devices take at least one vector each.
        var plan = Planner.Solve(Outage(PlanObjective.FewestReboots, available: 5), Token);

        Assert.Equal((PlanStatus.Infeasible, 3, true), (plan.Status, plan.Shortfall!.Total, plan.Shortfall.IsTotalExact));
        Assert.Equal(3, plan.Shortfall.Alone[0].Missing);
        Assert.Empty(plan.Choices);
    }

    [Fact]
    public void Pools_that_fit_alone_but_not_together_show_in_the_total()
    {
        var device = Device("d", "vm", Option(PlanAction.Keep, null, 10, 0), Option(PlanAction.MsiOff, null, 0, 1));
        var plan = Planner.Solve(new PlanProblem { Pools = [new PlanPool("msix", 4), new PlanPool("global", 0)], Devices = [device] }, Token);

        Assert.Equal([0, 0], plan.Shortfall!.Alone.Select(pool => pool.Missing));
        Assert.Equal([0, 1], plan.Shortfall.Together.Select(pool => pool.Missing));
    }

    [Fact]
    public void MSI_is_kept_on_more_devices_before_vectors_are_counted()
    {
        var device = Device("d", "vm", Option(PlanAction.Keep, null, 10), Option(PlanAction.MessageLimit, 1, 1) with { VectorsTakenAway = 9 },
            Option(PlanAction.MsiOff, null, 4) with { VectorsTakenAway = 6, LosesMsi = true });
        var plan = Planner.Solve(new PlanProblem { Pools = [new PlanPool("p", 5)], Devices = [device] }, Token);

        Assert.Equal(PlanAction.MessageLimit, plan.Choices["d"].Action);
    }

    [Theory]
    [InlineData(PlanObjective.FewestReboots)]
    [InlineData(PlanObjective.EvenShare)]
    [InlineData(PlanObjective.MsiOff)]
    public void The_order_of_devices_options_and_pools_makes_no_difference(PlanObjective objective)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var problem = seed % 10 == 0 ? PlanHosts.Large(seed, objective) : seed % 2 == 0 ? PlanHosts.Middle(seed, objective) : PlanHosts.Small(seed, objective);
            var (shuffled, pools) = Shuffle(problem, new Random(seed));
            var first = Planner.Solve(problem, Token);
            var second = Planner.Solve(shuffled, Token);

            Assert.Equal(Figures(first), Figures(second));
            Assert.All(first.Choices, choice => Assert.Equal((choice.Value.Action, choice.Value.Limit), (second.Choices[choice.Key].Action, second.Choices[choice.Key].Limit)));
            if (first.IsFeasible) Assert.Equal(pools.Select(p => first.Pools[p]), second.Pools);
        }
    }

    [Fact]
    public void A_search_cut_short_gives_a_plan_that_fits_and_does_not_claim_proof()
    {
        var problem = PlanHosts.Large(8, PlanObjective.FewestReboots) with { WorkLimit = 60_000 };
        var plan = Planner.Solve(problem, Token);

        Assert.Equal(PlanStatus.Feasible, plan.Status);
        PlanChecks.AssertConsistent(problem, plan);
    }

    [Fact]
    public void A_search_that_may_do_nothing_claims_nothing()
    {
        var device = Device("d", "vm", Option(PlanAction.Keep, null, 3, 2), Option(PlanAction.MsiOff, null, 2, 3), Option(PlanAction.MessageLimit, 1, 4, 0), Option(PlanAction.MessageLimit, 2, 0, 4));
        var problem = new PlanProblem { Pools = [new PlanPool("a", 21), new PlanPool("b", 21)], Devices = [.. Enumerable.Range(0, 9).Select(i => device with { Id = $"d{i}" })], WorkLimit = 0 };

        Assert.Equal(PlanStatus.Undecided, Planner.Solve(problem, Token).Status);
    }

    [Fact]
    public void A_cancelled_search_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => Planner.Solve(PlanHosts.Large(8, PlanObjective.FewestReboots), source.Token));
    }

    /// <summary>The case of 2012: 170 vectors, 26 of them the host's own; eight devices of 32 in four VMs.</summary>
    private static PlanProblem Outage(PlanObjective objective, int available = 144)
    {
        PlanOption[] options =
        [
            Option(PlanAction.Keep, null, 32),
            .. new[] { 16, 8, 4, 2, 1 }.Select(limit => Option(PlanAction.MessageLimit, limit, limit) with { VectorsTakenAway = 32 - limit }),
            Option(PlanAction.MsiOff, null, 1) with { LosesMsi = true, VectorsTakenAway = 31 },
        ];
        return new PlanProblem
        {
            Pools = [new PlanPool("vectors", available)],
            Devices = [.. new[] { "vm1", "vm2", "vm3", "vm4" }.SelectMany(vm => new[] { "a", "b" }.Select(port => Device($"{vm}/{port}", vm, options)))],
            Objective = objective,
        };
    }

    private static PlanDevice Device(string id, string vm, params PlanOption[] options) => new() { Id = id, VM = vm, LikeKey = "like", Options = options };

    private static PlanOption Option(PlanAction action, int? limit, params int[] use) =>
        new() { Action = action, Limit = limit, Use = use, ChangesVM = action != PlanAction.Keep };

    private static (PlanStatus, int, int, int, int?) Figures(PlanSolution plan) =>
        (plan.Status, plan.VMsChanged, plan.DevicesLosingMsi, plan.VectorsTakenAway, plan.Shortfall?.Total);

    private static (PlanProblem Problem, int[] Pools) Shuffle(PlanProblem problem, Random random)
    {
        var pools = Enumerable.Range(0, problem.Pools.Count).ToArray();
        random.Shuffle(pools);
        var devices = problem.Devices.Select(device =>
        {
            var options = device.Options.Select(option => option with { Use = [.. pools.Select(p => option.Use[p])] }).ToArray();
            random.Shuffle(options);
            return device with { Options = options };
        }).ToArray();
        random.Shuffle(devices);
        return (problem with { Pools = [.. pools.Select(p => problem.Pools[p])], Devices = devices }, pools);
    }
}
