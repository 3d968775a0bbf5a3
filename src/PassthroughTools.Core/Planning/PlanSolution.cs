namespace PassthroughTools.Planning;

/// <summary>What the planner found.</summary>
public enum PlanStatus
{
    /// <summary>No plan is better by the objective; that is proven.</summary>
    Optimal,

    /// <summary>The plan fits; a better one may exist, the work limit ended the search.</summary>
    Feasible,

    /// <summary>No choice of options fits; that is proven.</summary>
    Infeasible,

    /// <summary>The work limit ended the search with no plan that fits and no proof that none exists.</summary>
    Undecided,
}

/// <summary>The planner's answer.</summary>
public sealed record PlanSolution
{
    /// <summary>How sure the answer is.</summary>
    public required PlanStatus Status { get; init; }

    /// <summary>True when <see cref="Choices"/> fit every pool.</summary>
    public bool IsFeasible => Status is PlanStatus.Optimal or PlanStatus.Feasible;

    /// <summary>True when the answer is exact: no better plan exists, or none that fits.</summary>
    public bool ProvenOptimal => Status is PlanStatus.Optimal or PlanStatus.Infeasible;

    /// <summary>Option of each device by <see cref="PlanDevice.Id"/>; empty unless <see cref="IsFeasible"/>.</summary>
    public required IReadOnlyDictionary<string, PlanOption> Choices { get; init; }

    /// <summary>Distinct VMs with a device whose option says <see cref="PlanOption.ChangesVM"/>.</summary>
    public int VMsChanged { get; init; }

    /// <summary>Devices whose option says <see cref="PlanOption.LosesMsi"/>.</summary>
    public int DevicesLosingMsi { get; init; }

    /// <summary>Sum of <see cref="PlanOption.VectorsTakenAway"/>.</summary>
    public int VectorsTakenAway { get; init; }

    /// <summary>Use of each pool under the plan, in the order of the problem; empty unless <see cref="IsFeasible"/>.</summary>
    public required IReadOnlyList<PlanPoolUse> Pools { get; init; }

    /// <summary>What is missing; null when a plan was found.</summary>
    public PlanShortfall? Shortfall { get; init; }

    /// <summary>Steps of search taken.</summary>
    public long Work { get; init; }
}

/// <summary>Use of a pool under a plan.</summary>
/// <param name="Name">Pool.</param>
/// <param name="Available">Vectors that were available.</param>
/// <param name="Used">Vectors that the plan takes.</param>
public sealed record PlanPoolUse(string Name, int Available, int Used);

/// <summary>What is missing where no choice fits.</summary>
public sealed record PlanShortfall
{
    /// <summary>
    /// For each pool, looked at alone with the others left out of account: the least extra capacity with which some choice fits. Exact.
    /// All can be zero: then the pools conflict, and only <see cref="Together"/> shows it.
    /// </summary>
    public required IReadOnlyList<PlanPoolShortfall> Alone { get; init; }

    /// <summary>
    /// Extra capacity of each pool such that some choice fits them all, with the least total. Where several splits have that total,
    /// one of them is given.
    /// </summary>
    public required IReadOnlyList<PlanPoolShortfall> Together { get; init; }

    /// <summary>Sum of <see cref="Together"/>; the least possible when <see cref="IsTotalExact"/>.</summary>
    public required int Total { get; init; }

    /// <summary>False when the work limit ended the search: then <see cref="Total"/> suffices and less may.</summary>
    public required bool IsTotalExact { get; init; }
}

/// <summary>Extra capacity that a pool needs.</summary>
/// <param name="Name">Pool.</param>
/// <param name="Missing">Vectors, 0 or more.</param>
public sealed record PlanPoolShortfall(string Name, int Missing);
