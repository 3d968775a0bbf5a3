using PassthroughTools.Planning;

namespace PassthroughTools.Tests.Planning;

public sealed class PlannerOracleTests
{
    private const int Hosts = 2100;
    private const int MiddleHosts = 45;

    [Theory]
    [InlineData(PlanObjective.FewestReboots)]
    [InlineData(PlanObjective.EvenShare)]
    [InlineData(PlanObjective.MsiOff)]
    public void The_planner_finds_what_a_general_solver_finds(PlanObjective objective)
    {
        var impossible = 0;
        for (var seed = 0; seed < Hosts; seed++)
        {
            var problem = PlanHosts.Small(seed, objective);
            var expected = CpSatOracle.Solve(problem);
            var plan = Planner.Solve(problem, TestContext.Current.CancellationToken);

            Assert.True(plan.ProvenOptimal, $"seed {seed}: not proven after {plan.Work} steps");
            (int, int, int)? found = plan.IsFeasible ? (plan.VMsChanged, plan.DevicesLosingMsi, plan.VectorsTakenAway) : null;
            Assert.True(expected == found, $"seed {seed}: expected {expected}, found {found}");
            if (plan.IsFeasible)
            {
                PlanChecks.AssertConsistent(problem, plan);
            }
            else
            {
                impossible++;
                Assert.True(plan.Shortfall!.IsTotalExact, $"seed {seed}: shortfall not exact");
                Assert.True(CpSatOracle.Shortfall(problem) == plan.Shortfall.Total, $"seed {seed}: shortfall {plan.Shortfall.Total}");
                PlanChecks.AssertConsistent(problem, plan.Shortfall);
            }
        }

        // The hosts are worth something only if both kinds are among them.
        Assert.InRange(impossible, Hosts / 20, Hosts / 2);
    }

    [Theory]
    [InlineData(PlanObjective.FewestReboots)]
    [InlineData(PlanObjective.EvenShare)]
    [InlineData(PlanObjective.MsiOff)]
    public void The_planner_finds_what_a_general_solver_finds_on_larger_hosts(PlanObjective objective)
    {
        var compared = 0;
        for (var seed = 0; seed < MiddleHosts; seed++)
        {
            var problem = PlanHosts.Middle(seed, objective);
            var plan = Planner.Solve(problem, TestContext.Current.CancellationToken);
            Assert.True(plan.ProvenOptimal, $"seed {seed}: not proven after {plan.Work} steps");
            if (plan.IsFeasible) PlanChecks.AssertConsistent(problem, plan);
            try
            {
                (int, int, int)? found = plan.IsFeasible ? (plan.VMsChanged, plan.DevicesLosingMsi, plan.VectorsTakenAway) : null;
                var expected = CpSatOracle.Solve(problem, effort: 1);
                Assert.True(expected == found, $"seed {seed}: expected {expected}, found {found}");
                compared++;
            }
            catch (TimeoutException)
            {
                // The oracle has no answer to compare with.
            }
        }

        Assert.True(compared >= MiddleHosts / 2, $"only {compared} hosts were compared");
    }
}
