using PassthroughTools.Planning;

namespace PassthroughTools.Tests.Planning;

public sealed class LayeredSearchTests
{
    private const int Hosts = 200;

    [Fact]
    public void A_narrow_search_claims_to_be_complete_only_when_it_finds_what_a_wide_one_finds()
    {
        int incomplete = 0, worse = 0;
        for (var seed = 0; seed < Hosts; seed++)
        {
            var (stage, target) = Question(seed);
            var narrow = Search(stage, target, width: 3);
            var wide = Search(stage, target, width: int.MaxValue);

            Assert.True(wide.IsComplete);
            if (narrow.IsComplete) Assert.True(wide.Cost == narrow.Cost, $"seed {seed}: {wide.Cost} and {narrow.Cost}");
            else incomplete++;
            if (narrow.Cost != wide.Cost) worse++;
        }

        // Both must occur, else the test shows nothing.
        Assert.True(incomplete > Hosts / 10, $"{incomplete} of {Hosts} incomplete");
        Assert.True(worse > Hosts / 20, $"{worse} of {Hosts} worse");
    }

    [Fact]
    public void A_search_finds_nothing_dearer_than_its_target()
    {
        for (var seed = 0; seed < Hosts; seed++)
        {
            var (stage, target) = Question(seed);
            var cost = Search(stage, target, width: int.MaxValue).Cost;
            if (cost is not > 0) continue;

            Assert.Null(Search(stage, cost.Value - 1, width: int.MaxValue).Cost);
            Assert.Equal(cost, Search(stage, cost.Value, width: int.MaxValue).Cost);
        }
    }

    private static (StageModel Stage, long Target) Question(int seed)
    {
        var problem = PlanHosts.Small(seed, PlanObjective.FewestReboots);
        var stage = StageModel.Build(PlanInstance.Create(problem), PlanMetric.Taken, [(PlanMetric.VMs, 100), (PlanMetric.Lost, 100)]);
        return (stage, problem.Devices.Sum(device => device.Options.Max(option => option.VectorsTakenAway)));
    }

    private static SearchResult Search(StageModel stage, long target, int width)
    {
        var model = ReducedModel.Create(stage, [], target);
        if (model.IsImpossible) return new SearchResult(null, [], true);
        var blocks = model.Types.SelectMany((type, t) => Enumerable.Repeat((t, 1), type.Count)).ToList();
        return LayeredSearch.Run(model, target, blocks, width, null, new WorkMeter(long.MaxValue, TestContext.Current.CancellationToken));
    }
}
