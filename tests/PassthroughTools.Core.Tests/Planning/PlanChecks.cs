using PassthroughTools.Planning;

namespace PassthroughTools.Tests.Planning;

/// <summary>Recomputes from the choices what a solution says of itself.</summary>
internal static class PlanChecks
{
    public static void AssertConsistent(PlanProblem problem, PlanSolution plan)
    {
        Assert.Equal(problem.Devices.Count, plan.Choices.Count);
        var chosen = problem.Devices.Select(device => (Device: device, Option: plan.Choices[device.Id])).ToList();
        Assert.All(chosen, pair => Assert.Contains(pair.Option, pair.Device.Options));
        Assert.Equal(chosen.Where(c => c.Option.ChangesVM).Select(c => c.Device.VM).Distinct().Count(), plan.VMsChanged);
        Assert.Equal(chosen.Count(c => c.Option.LosesMsi), plan.DevicesLosingMsi);
        Assert.Equal(chosen.Sum(c => c.Option.VectorsTakenAway), plan.VectorsTakenAway);
        for (var p = 0; p < problem.Pools.Count; p++)
        {
            Assert.Equal(chosen.Sum(c => c.Option.Use[p]), plan.Pools[p].Used);
            Assert.Equal(problem.Pools[p].Name, plan.Pools[p].Name);
            Assert.True(plan.Pools[p].Used <= problem.Pools[p].Available);
        }

        if (problem.Objective == PlanObjective.EvenShare)
            Assert.All(chosen.GroupBy(c => c.Device.LikeKey), like => Assert.Single(like.Select(c => (c.Option.Action, c.Option.Limit)).Distinct()));
        if (problem.Objective == PlanObjective.MsiOff)
            Assert.DoesNotContain(chosen, c => c.Option.Action == PlanAction.MessageLimit);
    }

    public static void AssertConsistent(PlanProblem problem, PlanShortfall shortfall)
    {
        Assert.Equal(problem.Pools.Select(p => p.Name), shortfall.Alone.Select(p => p.Name));
        Assert.Equal(problem.Pools.Select(p => p.Name), shortfall.Together.Select(p => p.Name));
        Assert.Equal(shortfall.Total, shortfall.Together.Sum(p => p.Missing));
        for (var p = 0; p < problem.Pools.Count; p++) Assert.True(shortfall.Alone[p].Missing <= shortfall.Together[p].Missing);

        // With that much more it fits.
        var enlarged = problem with { Pools = [.. problem.Pools.Select((pool, i) => pool with { Available = pool.Available + shortfall.Together[i].Missing })] };
        Assert.True(Planner.Solve(enlarged).IsFeasible);
    }
}
