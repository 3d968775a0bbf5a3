using System.Diagnostics;
using PassthroughTools.Planning;

namespace PassthroughTools.Tests.Planning;

/// <summary>Measures; it asserts nothing about time. Run it alone, in Release, with <c>-explicit only -class "*PlannerSpeed" -showLiveOutput</c>.</summary>
public sealed class PlannerSpeed
{
    private const int Hosts = 100;

    [Theory(Explicit = true)]
    [InlineData(PlanObjective.FewestReboots)]
    [InlineData(PlanObjective.EvenShare)]
    [InlineData(PlanObjective.MsiOff)]
    public void Large_hosts_are_measured(PlanObjective objective)
    {
        var token = TestContext.Current.CancellationToken;
        for (var seed = 0; seed < 20; seed++) Planner.Solve(PlanHosts.Large(seed, objective), token);

        // 0 is a mixture of one to ten kinds of device.
        for (var kinds = 0; kinds <= 3; kinds++)
        {
            var times = new List<double>();
            int unproven = 0, impossible = 0;
            for (var seed = 0; seed < Hosts; seed++)
            {
                var problem = PlanHosts.Large(seed, objective, kinds);
                var best = double.MaxValue;
                for (var run = 0; run < 3; run++)
                {
                    var watch = Stopwatch.StartNew();
                    var plan = Planner.Solve(problem, token);
                    best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
                    if (run > 0) continue;
                    if (!plan.ProvenOptimal) unproven++;
                    if (!plan.IsFeasible) impossible++;
                }

                times.Add(best);
            }

            times.Sort();
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{objective}, {(kinds == 0 ? "1 to 10" : kinds)} kinds: median {times[Hosts / 2]:F1}, 95 % {times[Hosts * 95 / 100]:F1}, worst {times[^1]:F1} ms; " +
                $"over 100 ms {times.Count(time => time > 100)}, unproven {unproven}, impossible {impossible} of {Hosts}");
        }
    }
}
