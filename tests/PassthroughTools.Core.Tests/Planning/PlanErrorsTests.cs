using PassthroughTools.Planning;

namespace PassthroughTools.Tests.Planning;

public sealed class PlanErrorsTests
{
    private static readonly PlanOption Keep = new() { Action = PlanAction.Keep, Use = [1] };

    [Fact]
    public void A_problem_without_pools_is_refused() => Refused(PlanErrors.NoPool, new PlanProblem { Pools = [], Devices = [] });

    [Fact]
    public void Two_pools_of_one_name_are_refused() =>
        Refused(PlanErrors.PoolName, new PlanProblem { Pools = [new PlanPool("p", 1), new PlanPool("p", 2)], Devices = [] });

    [Fact]
    public void Two_devices_of_one_identifier_are_refused() => Refused(PlanErrors.DeviceId, Problem(Device(Keep), Device(Keep)));

    [Fact]
    public void A_device_without_a_VM_is_refused() => Refused(PlanErrors.DeviceId, Problem(Device(Keep) with { VM = "" }));

    [Fact]
    public void A_device_without_options_is_refused() => Refused(PlanErrors.NoOption, Problem(Device()));

    [Fact]
    public void A_device_with_limits_only_is_refused_where_limits_are_not_considered() =>
        Refused(PlanErrors.NoOption, Problem(Device(Limit(4))) with { Objective = PlanObjective.MsiOff });

    [Fact]
    public void An_option_for_another_number_of_pools_is_refused() => Refused(PlanErrors.UseLength, Problem(Device(Keep with { Use = [1, 2] })));

    [Fact]
    public void An_option_that_takes_less_than_nothing_is_refused() => Refused(PlanErrors.Negative, Problem(Device(Keep with { Use = [-1] })));

    [Fact]
    public void An_option_that_takes_less_than_nothing_away_is_refused() => Refused(PlanErrors.Negative, Problem(Device(Limit(4) with { VectorsTakenAway = -1 })));

    [Fact]
    public void A_limit_of_zero_is_refused() => Refused(PlanErrors.OptionShape, Problem(Device(Limit(0))));

    [Fact]
    public void MSI_off_with_a_limit_is_refused() => Refused(PlanErrors.OptionShape, Problem(Device(Limit(4) with { Action = PlanAction.MsiOff })));

    [Fact]
    public void Keeping_what_needs_a_reboot_is_refused() => Refused(PlanErrors.OptionShape, Problem(Device(Keep with { ChangesVM = true })));

    [Fact]
    public void One_limit_offered_twice_is_refused() => Refused(PlanErrors.DuplicateOption, Problem(Device(Limit(4), Limit(4))));

    [Fact]
    public void Like_devices_with_nothing_in_common_are_refused() =>
        Refused(PlanErrors.NoCommonOption, Problem(Device(Keep), Device(Limit(4)) with { Id = "e" }) with { Objective = PlanObjective.EvenShare });

    [Fact]
    public void A_figure_beyond_any_host_is_refused() => Refused(PlanErrors.TooLarge, Problem(Device(Keep with { Use = [70_000] })));

    private static void Refused(ErrorDefinition expected, PlanProblem problem) =>
        Assert.Equal(expected.Id, Assert.Throws<PassthruException>(() => Planner.Solve(problem, TestContext.Current.CancellationToken)).ErrorId);

    private static PlanProblem Problem(params PlanDevice[] devices) => new() { Pools = [new PlanPool("p", 10)], Devices = devices };

    private static PlanDevice Device(params PlanOption[] options) => new() { Id = "d", VM = "vm", LikeKey = "like", Options = options };

    private static PlanOption Limit(int limit) => new() { Action = PlanAction.MessageLimit, Limit = limit, Use = [limit], ChangesVM = true };
}
