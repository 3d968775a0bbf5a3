namespace PassthroughTools.Planning;

/// <summary>What the planner is asked: which option each device gets, so that no pool is overdrawn.</summary>
public sealed record PlanProblem
{
    /// <summary>Default of <see cref="WorkLimit"/>; a few seconds of one processor.</summary>
    public const long DefaultWorkLimit = 20_000_000;

    /// <summary>Pools, in the order that <see cref="PlanOption.Use"/> follows. Names are unique.</summary>
    public required IReadOnlyList<PlanPool> Pools { get; init; }

    /// <summary>Devices; identifiers are unique.</summary>
    public required IReadOnlyList<PlanDevice> Devices { get; init; }

    /// <summary>What makes one plan better than another.</summary>
    public PlanObjective Objective { get; init; }

    /// <summary>
    /// Steps of search (not time, so that the answer is the same on every machine) after which the best plan so far is returned with
    /// <see cref="PlanSolution.ProvenOptimal"/> false.
    /// </summary>
    public long WorkLimit { get; init; } = DefaultWorkLimit;
}

/// <summary>A supply of vectors.</summary>
/// <param name="Name">Name, unique in the problem.</param>
/// <param name="Available">Vectors left for the devices of the problem: capacity less the host's own use less headroom. May be negative.</param>
public sealed record PlanPool(string Name, int Available);

/// <summary>A passed-through device and what may be done with it.</summary>
public sealed record PlanDevice
{
    /// <summary>Identifier, unique in the problem.</summary>
    public required string Id { get; init; }

    /// <summary>Virtual machine; the devices of one VM share one reboot.</summary>
    public required string VM { get; init; }

    /// <summary>
    /// Same for devices that <see cref="PlanObjective.EvenShare"/> must treat alike; only an action and limit that all of them offer is
    /// considered then, so a device that may not be changed needs a key of its own. Not used by the other objectives.
    /// </summary>
    public string LikeKey { get; init; } = "";

    /// <summary>Options, at least one; each pair of action and limit occurs once.</summary>
    public required IReadOnlyList<PlanOption> Options { get; init; }
}

/// <summary>One thing that may be done with a device.</summary>
public sealed record PlanOption
{
    /// <summary>What is done.</summary>
    public required PlanAction Action { get; init; }

    /// <summary>Limit in messages, at least 1, for <see cref="PlanAction.MessageLimit"/>; null for the others.</summary>
    public int? Limit { get; init; }

    /// <summary>Vectors that the device then takes from each pool, in the order of <see cref="PlanProblem.Pools"/>.</summary>
    public required IReadOnlyList<int> Use { get; init; }

    /// <summary>True when the VM must be switched off or restarted. Never true for <see cref="PlanAction.Keep"/>.</summary>
    public bool ChangesVM { get; init; }

    /// <summary>True when the device had MSI or MSI-X and loses it.</summary>
    public bool LosesMsi { get; init; }

    /// <summary>Vectors that the device has now and loses.</summary>
    public int VectorsTakenAway { get; init; }
}
