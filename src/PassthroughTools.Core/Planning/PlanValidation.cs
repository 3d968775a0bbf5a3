using System.Globalization;

namespace PassthroughTools.Planning;

/// <summary>Refuses problems that make no sense.</summary>
internal static class PlanValidation
{
    // The search adds up figures in 32 and weighted figures in 64 bits; within these bounds no sum overflows.
    private const int MaxFigure = 1 << 16;
    private const int MaxTotal = 1 << 24;

    internal static void Check(PlanProblem problem)
    {
        if (problem.Pools.Count == 0) throw PlanErrors.NoPool.For(problem);

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pool in problem.Pools)
        {
            if (string.IsNullOrEmpty(pool.Name) || !names.Add(pool.Name)) throw PlanErrors.PoolName.For(pool, pool.Name);
            if (pool.Available is > MaxTotal or < -MaxTotal) throw PlanErrors.TooLarge.For(pool, Text($"pool '{pool.Name}' has {pool.Available}"));
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        var totals = new long[problem.Pools.Count + 1];
        foreach (var device in problem.Devices)
        {
            if (string.IsNullOrEmpty(device.Id) || string.IsNullOrEmpty(device.VM) || !ids.Add(device.Id)) throw PlanErrors.DeviceId.For(device, device.Id);
            CheckDevice(problem, device, totals);
        }

        foreach (var total in totals)
            if (total > MaxTotal) throw PlanErrors.TooLarge.For(problem, Text($"the devices could take {total} in all"));
    }

    private static void CheckDevice(PlanProblem problem, PlanDevice device, long[] totals)
    {
        var pools = problem.Pools.Count;
        var largest = new int[pools + 1];
        var usable = false;
        var seen = new HashSet<(PlanAction, int?)>();
        foreach (var option in device.Options)
        {
            usable |= Allows(problem.Objective, option.Action);
            if (option.Use.Count != pools) throw PlanErrors.UseLength.For(device, device.Id, option.Use.Count, pools);
            for (var pool = 0; pool <= pools; pool++)
            {
                var figure = pool < pools ? option.Use[pool] : option.VectorsTakenAway;
                if (figure < 0) throw PlanErrors.Negative.For(device, device.Id, figure);
                if (figure > MaxFigure) throw PlanErrors.TooLarge.For(device, Text($"device '{device.Id}' takes {figure}"));
                largest[pool] = Math.Max(largest[pool], figure);
            }

            if (Contradiction(option) is { } what) throw PlanErrors.OptionShape.For(device, device.Id, option.Action, what);
            if (!seen.Add((option.Action, option.Limit))) throw PlanErrors.DuplicateOption.For(device, device.Id, Text($"{option.Action} {option.Limit}").TrimEnd());
        }

        if (!usable) throw PlanErrors.NoOption.For(device, device.Id, problem.Objective);
        for (var i = 0; i < totals.Length; i++) totals[i] += largest[i];
    }

    /// <summary>Whether the objective considers the action at all.</summary>
    internal static bool Allows(PlanObjective objective, PlanAction action) =>
        objective != PlanObjective.MsiOff || action != PlanAction.MessageLimit;

    private static string? Contradiction(PlanOption option) => option switch
    {
        { Action: PlanAction.MessageLimit, Limit: null or < 1 } => "the limit is missing or below 1",
        { Action: not PlanAction.MessageLimit, Limit: not null } => "it has a limit",
        { Action: PlanAction.Keep, ChangesVM: true } => "it changes the VM",
        { Action: PlanAction.Keep, LosesMsi: true } => "it loses MSI",
        { Action: PlanAction.Keep, VectorsTakenAway: > 0 } => "it takes vectors away",
        _ => null,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
