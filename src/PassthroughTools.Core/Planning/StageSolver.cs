namespace PassthroughTools.Planning;

/// <summary>Result of a stage.</summary>
/// <param name="Options">Option of each unit.</param>
/// <param name="Cost">What they cost.</param>
/// <param name="Bound">No choice costs less.</param>
/// <param name="Surrogate">The surrogate found for the stage's own dimensions; null where it wasn't needed.</param>
internal sealed record StageResult(int[] Options, long Cost, long Bound, Surrogate? Surrogate)
{
    internal bool IsProven => Bound >= Cost;
}

/// <summary>
/// Minimises one metric. The Lagrangian bound says how good a plan can be at best; searches for exactly that, then for a little more,
/// begin narrow and get wider until one finds a plan or is complete and proves that there is none.
/// </summary>
internal sealed class StageSolver
{
    private const int CoarseWidth = 48;
    private const int FirstWidth = 128;
    private const int Widening = 8;

    private readonly StageModel _stage;
    private readonly PlanInstance _instance;
    private readonly List<Surrogate> _surrogates;
    private readonly ITagger? _tagger;
    private readonly WorkMeter _meter;
    private Surrogate? _own;
    private int[] _best;
    private long _cost;
    private long _bound;
    private long _step = 1; internal string Log = "";

    private StageSolver(StageModel stage, PlanInstance instance, IEnumerable<Surrogate> surrogates, ITagger? tagger, WorkMeter meter, int[] incumbent, long cost)
    {
        _stage = stage;
        _instance = instance;
        _surrogates = [.. surrogates];
        _tagger = tagger;
        _meter = meter;
        _best = incumbent;
        _cost = cost;
    }

    /// <param name="stage">What to minimise under what.</param>
    /// <param name="instance">The problem.</param>
    /// <param name="surrogates">Surrogates of earlier stages.</param>
    /// <param name="tagger">Costs that depend on earlier choices.</param>
    /// <param name="meter">Counts the steps.</param>
    /// <param name="incumbent">A choice within the caps.</param>
    /// <param name="cost">Its cost.</param>
    /// <param name="isProofWanted">False when a good choice is enough.</param>
    internal static StageResult Solve(
        StageModel stage, PlanInstance instance, IEnumerable<Surrogate> surrogates, ITagger? tagger, WorkMeter meter, int[] incumbent, long cost, bool isProofWanted)
    {
        var solver = new StageSolver(stage, instance, surrogates, tagger, meter, incumbent, cost);
        var sw = System.Diagnostics.Stopwatch.StartNew();
        solver.FindBound(); var t1 = sw.Elapsed.TotalMilliseconds; var b0 = solver._bound; var w0 = meter.Spent;
        if (solver._bound < solver._cost) solver.SearchCoarsely(); var t2 = sw.Elapsed.TotalMilliseconds; var c2 = solver._cost; var w2 = meter.Spent;
        if (solver._bound < solver._cost && isProofWanted) solver.SearchExactly();
        if (Environment.GetEnvironmentVariable("PLPROF") != null) Console.WriteLine($"   types {stage.Types.Count} dims {stage.Dimensions} cost0 {cost} bound {b0} after {t1:F1} ms (iter {LagrangianDual.Iter}); coarse {c2} {t2 - t1:F1} ms work {w2-w0}; exact {solver._cost}/{solver._bound} {sw.Elapsed.TotalMilliseconds - t2:F1} ms work {meter.Spent-w2}; step {solver._step} {solver.Log}");
        return new StageResult(solver._best, solver._cost, solver._bound, solver._own);
    }

    private void FindBound()
    {
        if (_cost <= 0)
        {
            _bound = _cost;
            return;
        }

        // Costs that the rows don't show have no bound but zero.
        if (_tagger is not null) return;
        var model = ReducedModel.Create(_stage, _surrogates, _cost - 1);
        if (model.IsImpossible)
        {
            _bound = _cost;
            return;
        }

        var (surrogate, bound) = LagrangianDual.Solve(model, _stage.Dimensions, _meter.Cancellation);
        _bound = Math.Min(bound, _cost);
        _step = model.CostStep;
        _own = surrogate;
        _surrogates.Add(surrogate);
    }

    /// <summary>Treats many groups alike at once, so that a large host is a small search; what it finds is a plan, what it doesn't find proves nothing.</summary>
    private void SearchCoarsely()
    {
        for (var slack = 0L; ; slack = (slack * 2) + 1)
        {
            var target = Math.Min(_bound + (slack * _step), _cost - 1);
            var model = ReducedModel.Create(_stage, _surrogates, target);
            if (!model.IsImpossible)
            {
                var result = Search(model, target, isCoarse: true, CoarseWidth);
                if (result.Cost is not null) return;
            }

            if (target == _cost - 1 || _meter.IsExhausted) return;
        }
    }

    private void SearchExactly()
    {
        for (var slack = 0L; _bound < _cost; slack = (slack * 2) + 1)
        {
            var width = FirstWidth;
            while (_bound < _cost)
            {
                var target = Math.Min(_bound + (slack * _step), _cost - 1);
                var model = ReducedModel.Create(_stage, _surrogates, target);
                var result = model.IsImpossible ? new SearchResult(null, [], true) : Search(model, target, isCoarse: false, width);
                if (result.IsComplete)
                {
                    _bound = result.Cost ?? (target + 1);
                    break;
                }

                if (_meter.IsExhausted) return;
                if (result.Cost is null) width *= Widening;
            }
        }
    }

    private SearchResult Search(ReducedModel model, long target, bool isCoarse, int width)
    {
        var blocks = BlocksOf(model, isCoarse); Log += $" [{(isCoarse ? 'c' : 'x')}{width} t{target} b{blocks.Count} k{model.Kept.Length}]";
        var result = LayeredSearch.Run(model, target, blocks, width, _tagger, _meter);
        if (result.Cost is { } cost)
        {
            _cost = cost;
            _best = PlanLayout.Assign(_instance, _stage, model, result.Choices);
        }

        return result;
    }

    /// <summary>Groups still open to choice, those with the largest steps first, so that the smallest are left to fill the gaps.</summary>
    private List<(int Type, int Count)> BlocksOf(ReducedModel model, bool isCoarse)
    {
        var blocks = new List<(int Type, int Count)>();
        for (var t = 0; t < model.Types.Count; t++)
        {
            var type = model.Types[t];
            if (type.Alternatives.Count == 1 && type.Alternatives[0].Units.Count == 0) continue;
            for (var left = type.Count; left > 0;)
            {
                var count = isCoarse ? (left + 1) / 2 : 1;
                blocks.Add((t, count));
                left -= count;
            }
        }

        return _tagger is not null ? blocks : [.. blocks.OrderByDescending(block => block.Count * StepOf(model.Types[block.Type])).ThenBy(block => block.Type)];
    }

    private static long StepOf(GroupType type) =>
        type.Alternatives.Max(a => (a.Row.Length > 1 ? a.Row[0] : 0) + a.Units.Sum(unit => unit.Choices.Max(choice => choice.Row[0])));
}
