namespace PassthroughTools.Planning;

/// <summary>
/// Chooses an option for every device so that no pool is overdrawn and the objective is as good as it can be. Exact: the answer is proven,
/// or says that it is not (<see cref="PlanSolution.ProvenOptimal"/>). The same problem gives the same plan, in whatever order its devices,
/// options and pools come: among plans with equal figures those that spread the loss evenly are preferred (not proven), and among like VMs and
/// devices the ones whose names come first in ordinal order are changed first. See docs/decisions/004-exact-planner.md.
/// </summary>
public static class Planner
{
    private static readonly PlanMetric[] VMsFirst = [PlanMetric.VMs, PlanMetric.Lost, PlanMetric.Taken];
    private static readonly PlanMetric[] VMsLast = [PlanMetric.Lost, PlanMetric.Taken, PlanMetric.VMs];

    /// <summary>Solves the problem.</summary>
    /// <param name="problem">Pools, devices, options and objective.</param>
    /// <param name="cancellation">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="PassthruException">The problem makes no sense: one of <see cref="PlanErrors"/>.</exception>
    public static PlanSolution Solve(PlanProblem problem, CancellationToken cancellation = default)
    {
        if (problem is null) throw new ArgumentNullException(nameof(problem));
        PlanValidation.Check(problem);
        var instance = PlanInstance.Create(problem);
        var meter = new WorkMeter(Math.Max(problem.WorkLimit, 0), cancellation);

        meter.Share(0.4);
        var first = new int[instance.Units.Length];
        var fit = StageSolver.Solve(instance, new Stage(PlanMetric.Shortfall, [], []), meter, first, Overdraft(instance, first).Sum());
        return fit.Cost > 0 ? Unfit(instance, fit, meter) : Optimise(instance, fit, meter);
    }

    private static PlanSolution Optimise(PlanInstance instance, StageResult fit, WorkMeter meter)
    {
        var options = fit.Options;
        var isEven = instance.Problem.Objective == PlanObjective.EvenShare;
        var limits = new List<(PlanMetric, long)>();
        var surrogates = new List<Surrogate>();
        if (fit.Surrogate is not null) surrogates.Add(fit.Surrogate with { CostWeight = 0 });
        var proven = true;
        foreach (var metric in isEven ? VMsLast : VMsFirst)
        {
            meter.Share(limits.Count == 2 ? 1 : 0.5);
            var stage = new Stage(metric, [.. limits], surrogates, isEven && metric == PlanMetric.VMs ? new UnionTagger(instance) : null);
            var result = StageSolver.Solve(instance, stage, meter, options, CostOf(instance, options, metric));
            options = result.Options;
            proven &= result.IsProven;
            limits.Add((metric, result.Cost));
            surrogates = surrogates.ConvertAll(surrogate => surrogate.Next());
            if (result.Surrogate is not null) surrogates.Add(result.Surrogate.Next());
        }

        if (!isEven && limits[2].Item2 > 0)
        {
            var evenness = new Stage(PlanMetric.Unevenness, limits, surrogates);
            options = StageSolver.Polish(instance, evenness, meter, options, CostOf(instance, options, PlanMetric.Unevenness)).Options;
        }

        return Answer(instance, options, proven ? PlanStatus.Optimal : PlanStatus.Feasible, meter);
    }

    private static PlanSolution Answer(PlanInstance instance, int[] options, PlanStatus status, WorkMeter meter)
    {
        var problem = instance.Problem;
        var choices = new Dictionary<string, PlanOption>(StringComparer.Ordinal);
        var used = new int[problem.Pools.Count];
        for (var u = 0; u < options.Length; u++)
        {
            var source = instance.Units[u][options[u]].Source;
            for (var d = 0; d < source.Length; d++)
            {
                choices.Add(instance.Devices[u][d].Id, source[d]);
                for (var pool = 0; pool < used.Length; pool++) used[pool] += source[d].Use[pool];
            }
        }

        return new PlanSolution
        {
            Status = status,
            Choices = choices,
            VMsChanged = (int)CostOf(instance, options, PlanMetric.VMs),
            DevicesLosingMsi = (int)CostOf(instance, options, PlanMetric.Lost),
            VectorsTakenAway = (int)CostOf(instance, options, PlanMetric.Taken),
            Pools = [.. problem.Pools.Select((pool, i) => new PlanPoolUse(pool.Name, pool.Available, used[i]))],
            Work = meter.Spent,
        };
    }

    private static PlanSolution Unfit(PlanInstance instance, StageResult fit, WorkMeter meter)
    {
        var together = Overdraft(instance, fit.Options);
        return new PlanSolution
        {
            Status = fit.Bound > 0 ? PlanStatus.Infeasible : PlanStatus.Undecided,
            Choices = new Dictionary<string, PlanOption>(StringComparer.Ordinal),
            Pools = [],
            Shortfall = new PlanShortfall
            {
                Alone = Missing(pool => Math.Max(instance.Units.Sum(options => options.Min(option => (long)option.Use[pool])) - instance.Available[pool], 0)),
                Together = Missing(pool => together[pool]),
                Total = (int)fit.Cost,
                IsTotalExact = fit.IsProven,
            },
            Work = meter.Spent,
        };

        PlanPoolShortfall[] Missing(Func<int, long> missing)
        {
            var result = new PlanPoolShortfall[instance.PoolOrder.Length];
            for (var i = 0; i < result.Length; i++)
                result[instance.PoolOrder[i]] = new PlanPoolShortfall(instance.Problem.Pools[instance.PoolOrder[i]].Name, (int)missing(i));
            return result;
        }
    }

    private static long[] Overdraft(PlanInstance instance, int[] options)
    {
        var over = new long[instance.Available.Length];
        for (var pool = 0; pool < over.Length; pool++)
        {
            var used = 0L;
            for (var u = 0; u < options.Length; u++) used += instance.Units[u][options[u]].Use[pool];
            over[pool] = Math.Max(used - instance.Available[pool], 0);
        }

        return over;
    }

    private static long CostOf(PlanInstance instance, int[] options, PlanMetric metric)
    {
        var chosen = options.Select((option, unit) => instance.Units[unit][option]);
        return metric switch
        {
            PlanMetric.Lost => chosen.Sum(option => (long)option.Lost),
            PlanMetric.Taken => chosen.Sum(option => (long)option.Taken),
            PlanMetric.Unevenness => chosen.Sum(option => option.Unevenness),
            _ => chosen.SelectMany((option, unit) => option.Source.Select((source, d) => (instance.Devices[unit][d].VM, source.ChangesVM)))
                .Where(pair => pair.ChangesVM).Select(pair => pair.VM).Distinct(StringComparer.Ordinal).Count(),
        };
    }
}
