namespace PassthroughTools.Planning;

/// <summary>What a stage minimises, under what.</summary>
/// <param name="Cost">What to minimise.</param>
/// <param name="Limits">Metrics of earlier stages, and the caps that they left.</param>
/// <param name="Surrogates">Surrogates of earlier stages.</param>
/// <param name="Tagger">Costs that depend on earlier choices.</param>
internal sealed record Stage(PlanMetric Cost, IReadOnlyList<(PlanMetric Metric, long Cap)> Limits, IReadOnlyList<Surrogate> Surrogates, ITagger? Tagger = null);

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
    private const int Growth = 8;

    private readonly PlanInstance _instance;
    private readonly Stage _stage;
    private readonly StageModel _model;
    private readonly List<Surrogate> _surrogates;
    private readonly WorkMeter _meter;
    private Surrogate? _own;
    private int[] _best;
    private long _cost;
    private long _bound;
    private long _step = 1;

    private StageSolver(PlanInstance instance, Stage stage, StageModel model, WorkMeter meter, int[] incumbent, long cost)
    {
        _instance = instance;
        _stage = stage;
        _model = model;
        _surrogates = [.. stage.Surrogates];
        _meter = meter;
        _best = incumbent;
        _cost = cost;
    }

    /// <summary>Finds the least cost and proves it, as far as the work limit allows.</summary>
    /// <param name="instance">The problem.</param>
    /// <param name="stage">What to minimise under what.</param>
    /// <param name="meter">Counts the steps.</param>
    /// <param name="incumbent">A choice within the caps.</param>
    /// <param name="cost">Its cost.</param>
    internal static StageResult Solve(PlanInstance instance, Stage stage, WorkMeter meter, int[] incumbent, long cost)
    {
        var solver = new StageSolver(instance, stage, StageModel.Build(instance, stage.Cost, stage.Limits), meter, incumbent, cost);
        solver.FindBound();
        if (solver._bound < solver._cost) solver.SearchRoughly();
        if (solver._bound < solver._cost) solver.SearchExactly();
        return solver.Result();
    }

    /// <summary>Improves a choice without changing other VMs than it does.</summary>
    /// <inheritdoc cref="Solve"/>
    internal static StageResult Polish(PlanInstance instance, Stage stage, WorkMeter meter, int[] incumbent, long cost)
    {
        var changed = Array.ConvertAll(instance.Groups, group => Array.Exists(group, unit => instance.Units[unit][incumbent[unit]].ChangesVM));
        var solver = new StageSolver(instance, stage, StageModel.Build(instance, stage.Cost, stage.Limits, changed), meter, incumbent, cost);
        solver.FindBound();
        for (var slack = 0L; solver._bound < solver._cost && !solver.SearchCoarsely(slack) && !meter.IsExhausted; slack = (slack * Growth) + 1)
            if (solver._bound + (slack * solver._step) >= solver._cost) break;
        return solver.Result();
    }

    private StageResult Result() => new(_best, _cost, _bound, _own);

    private void FindBound()
    {
        if (_cost <= 0)
        {
            _bound = _cost;
            return;
        }

        // Costs that the rows don't show have no bound but zero.
        if (_stage.Tagger is not null) return;
        var model = ReducedModel.Create(_model, _surrogates, _cost - 1);
        if (model.IsImpossible)
        {
            _bound = _cost;
            return;
        }

        var (surrogate, bound) = LagrangianDual.Solve(model, _model.Dimensions, _meter.Cancellation);
        _bound = Math.Min(bound, _cost);
        _step = model.CostStep;
        _own = surrogate;
        _surrogates.Add(surrogate);
    }

    /// <summary>Looks for a good choice where it is cheap to look; what isn't found proves nothing.</summary>
    private void SearchRoughly()
    {
        var slack = 0L;
        while (!SearchCoarsely(slack))
        {
            if (slack == 0) Adopt();
            if (_bound + (slack * _step) >= _cost - 1 || _meter.IsExhausted) return;
            slack = (slack * Growth) + 1;
        }

        if (_bound < _cost) Adopt();
    }

    private void Adopt()
    {
        if (!_model.CountsVMs || _stage.Cost == PlanMetric.VMs) return;
        var polished = Polish(_instance, _stage, _meter, _best, _cost);
        if (polished.Cost < _cost) (_best, _cost) = (polished.Options, polished.Cost);
    }

    /// <summary>Treats many groups alike at once, so that a large host is a small search.</summary>
    private bool SearchCoarsely(long slack)
    {
        var target = Math.Min(_bound + (slack * _step), _cost - 1);
        var model = ReducedModel.Create(_model, _surrogates, target);
        return !model.IsImpossible && Search(model, target, isCoarse: true, CoarseWidth).Cost is not null;
    }

    private void SearchExactly()
    {
        var width = FirstWidth;
        for (var slack = 0L; _bound < _cost; slack = width > FirstWidth ? _cost : (slack * Growth) + 1)
        {
            while (_bound < _cost)
            {
                var target = Math.Min(_bound + (slack * _step), _cost - 1);
                var model = ReducedModel.Create(_model, _surrogates, target);
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
        var blocks = BlocksOf(model, isCoarse);
        var result = LayeredSearch.Run(model, target, blocks, width, _stage.Tagger, _meter);
        if (result.Cost is { } cost)
        {
            _cost = cost;
            _best = PlanLayout.Assign(_instance, _model, model, result.Choices);
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

        return _stage.Tagger is not null ? blocks : [.. blocks.OrderByDescending(block => block.Count * StepOf(model.Types[block.Type])).ThenBy(block => block.Type)];
    }

    private static long StepOf(GroupType type) =>
        type.Alternatives.Max(a => (a.Row.Length > 1 ? a.Row[0] : 0) + a.Units.Sum(unit => unit.Choices.Max(choice => choice.Row[0])));
}
