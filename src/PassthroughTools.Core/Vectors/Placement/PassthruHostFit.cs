using PassthroughTools.Evidence;

namespace PassthroughTools.Vectors;

/// <summary>Whether a VM can be started on a host.</summary>
public enum PlacementVerdict
{
    /// <summary>It can't be told.</summary>
    Unknown,

    /// <summary>Its devices are there and free, and every pool holds.</summary>
    Fits,

    /// <summary>A device is missing, in use or not set aside, or a pool would be exceeded.</summary>
    DoesNotFit,
}

/// <summary>One host as a place for one VM.</summary>
public sealed record PassthruHostFit
{
    /// <summary>VM.</summary>
    public required string VM { get; init; }

    /// <summary>Host.</summary>
    public required string HostName { get; init; }

    /// <summary>Whether it fits.</summary>
    public required PlacementVerdict Verdict { get; init; }

    /// <summary>Whether the VM is on there already.</summary>
    public bool IsOn { get; init; }

    /// <summary>What stands against it, or is not known; empty where it fits.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>What stands against its devices.</summary>
    public IReadOnlyList<PlacementProblem> Problems { get; init; } = [];

    /// <summary>The host's budget with the VM started.</summary>
    public required HostVectorBudget Budget { get; init; }

    /// <summary>Looks at a host.</summary>
    /// <param name="host">Host.</param>
    /// <param name="vm">VM.</param>
    /// <param name="headroom">Vectors to leave in every pool.</param>
    public static PassthruHostFit Compute(HostEvidence host, StartedVM vm, int headroom = 0)
    {
        var placement = PlacementCalculator.Compute(host, [vm]);
        var budget = BudgetCalculator.Compute(host, new BudgetOptions { Headroom = headroom, Placement = placement });
        var verdict = placement.Problems.Any(problem => problem.Kind != PlacementProblemKind.Unknown) || budget.Verdict == BudgetVerdict.Exceeds ? PlacementVerdict.DoesNotFit
            : placement.Problems.Count > 0 || budget.Verdict == BudgetVerdict.Unknown ? PlacementVerdict.Unknown
            : PlacementVerdict.Fits;
        var pools = budget.Pools.Where(pool => pool.Verdict is BudgetVerdict.Exceeds or BudgetVerdict.Unknown).Select(pool => $"{BudgetReasons.Name(pool.Pool)}: {pool.Verdict}, {pool.Arithmetic}.");
        if (budget.Pools.Count == 0) pools = ["The ESXi version is not known, so neither are the pools."];
        return new PassthruHostFit
        {
            VM = vm.VM.Name,
            HostName = host.HostName,
            Verdict = verdict,
            IsOn = placement.AlreadyOn.Count > 0,
            Reasons = [.. placement.Problems.Select(problem => problem.Reason), .. pools],
            Problems = placement.Problems,
            Budget = budget,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{VM} on {HostName}: {Verdict}";
}
