using PassthroughTools.Planning;

namespace PassthroughTools.Tests.Planning;

/// <summary>Generates hosts. The same seed gives the same host.</summary>
internal static class PlanHosts
{
    /// <summary>A small host, realistic or adversarial, roomy, tight or impossible; which is which follows from the seed.</summary>
    public static PlanProblem Small(int seed, PlanObjective objective)
    {
        var random = new Random(seed);
        return (seed % 3) switch
        {
            0 => Adversarial(random, objective, devices: 1 + random.Next(10), vms: 1 + random.Next(5)),
            1 => Realistic(random, objective, vms: 1 + random.Next(6), perVM: 1 + random.Next(4), kinds: 1 + random.Next(3), tightness: random.NextDouble() * 1.1),
            _ => Realistic(random, objective, vms: 1 + random.Next(10), perVM: 1 + random.Next(3), kinds: 1 + random.Next(5), tightness: random.NextDouble() * 1.1),
        };
    }

    /// <summary>A host of 30 to 90 devices: enough that the search has to discard, and mostly small enough for a general solver.</summary>
    public static PlanProblem Middle(int seed, PlanObjective objective)
    {
        var random = new Random(seed);
        return seed % 3 == 0
            ? Adversarial(random, objective, devices: 20 + random.Next(16), vms: 4 + random.Next(8))
            : Realistic(random, objective, vms: 8 + random.Next(15), perVM: -4, kinds: 1 + random.Next(6), tightness: 0.2 + (0.8 * random.NextDouble()));
    }

    /// <summary>512 devices in 128 VMs over three pools: mixed kinds, four to a VM, from hardly to nearly too tight.</summary>
    /// <param name="seed">Which host.</param>
    /// <param name="objective">Objective.</param>
    /// <param name="kinds">Kinds of device; 1 to 10 by the seed when 0.</param>
    public static PlanProblem Large(int seed, PlanObjective objective, int kinds = 0)
    {
        var random = new Random(seed);
        return Realistic(random, objective, vms: 128, perVM: -4, kinds: kinds > 0 ? kinds : 1 + random.Next(10), tightness: 0.2 + (0.8 * random.NextDouble()));
    }

    /// <summary>
    /// Few kinds of device; limits are powers of two; three pools (MSI-X, global, cookies) of which giving up MSI frees the first and takes
    /// from the second. Some guests can't be edited, some drivers take no limit, some fit as they are.
    /// </summary>
    public static PlanProblem Realistic(Random random, PlanObjective objective, int vms, int perVM, int kinds, double tightness)
    {
        int[] asked = [1, 2, 3, 5, 9, 13, 16, 17, 25, 32, 33, 49, 64, 65, 73, 129];
        var kindSizes = Enumerable.Range(0, kinds).Select(_ => asked[random.Next(asked.Length)]).ToArray();
        var kindLimits = kindSizes.Select(_ => random.Next(6) > 0).ToArray();
        var devices = new List<PlanDevice>();
        for (var vm = 0; vm < vms; vm++)
        {
            var editable = random.Next(8) > 0;
            var count = perVM < 0 ? -perVM : 1 + random.Next(perVM);
            for (var d = 0; d < count; d++)
            {
                var kind = random.Next(kinds);
                devices.Add(new PlanDevice
                {
                    Id = $"vm{vm:d3}/{d}",
                    VM = $"vm{vm:d3}",
                    LikeKey = $"{kind}{(editable ? "" : "-fixed")}",
                    Options = Options(kindSizes[kind], editable, kindLimits[kind], random.Next(12) == 0),
                });
            }
        }

        return Fit(random, devices, ["msix", "global", "cookies"], objective, tightness);
    }

    /// <summary>The options of a device that asks for a number of MSI-X vectors.</summary>
    public static PlanOption[] Options(int size, bool editable, bool limits, bool ioApic)
    {
        var options = new List<PlanOption> { new() { Action = PlanAction.Keep, Use = [size, 0, size] } };
        if (!editable) return [.. options];
        for (var limit = 1024; limit >= 1 && limits; limit /= 2)
        {
            if (limit < size)
                options.Add(new PlanOption { Action = PlanAction.MessageLimit, Limit = limit, Use = [limit, 0, limit], ChangesVM = true, VectorsTakenAway = size - limit });
        }

        options.Add(new PlanOption { Action = PlanAction.MsiOff, Use = [0, 1, 1], ChangesVM = true, LosesMsi = true, VectorsTakenAway = size });
        if (ioApic) options.Add(new PlanOption { Action = PlanAction.IoApic, Use = [0, 1, 0], ChangesVM = true, LosesMsi = true, VectorsTakenAway = size });
        return [.. options];
    }

    private static PlanProblem Adversarial(Random random, PlanObjective objective, int devices, int vms)
    {
        var pools = 1 + random.Next(4);
        var made = new List<PlanDevice>();
        var largest = 1 << random.Next(7);
        var likes = 1 + random.Next(6);
        var templates = Enumerable.Range(0, likes).Select(_ => Odd(random, pools, largest)).ToArray();
        for (var i = 0; i < devices; i++)
        {
            var like = random.Next(likes);
            made.Add(new PlanDevice
            {
                Id = $"d{i:d2}",
                VM = $"vm{random.Next(vms)}",
                LikeKey = like.ToString(System.Globalization.CultureInfo.InvariantCulture),

                // Like devices offer the same choices, but the figures may differ.
                Options = random.Next(3) > 0 ? templates[like] : [.. templates[like].Select(o => o with { Use = [.. o.Use.Select(_ => random.Next(largest + 1))] })],
            });
        }

        return Fit(random, made, [.. Enumerable.Range(0, pools).Select(i => $"p{i}")], objective, random.NextDouble() * 1.2);
    }

    private static PlanOption[] Odd(Random random, int pools, int largest)
    {
        int[] Use() => [.. Enumerable.Range(0, pools).Select(_ => random.Next(largest + 1))];
        var options = new List<PlanOption>();

        // MsiOff must be allowed something; now and then it is all there is.
        if (random.Next(5) > 0) options.Add(new PlanOption { Action = PlanAction.Keep, Use = Use() });
        for (var i = random.Next(6); i > 0; i--)
        {
            options.Add(new PlanOption
            {
                Action = PlanAction.MessageLimit, Limit = i, Use = Use(), ChangesVM = random.Next(4) > 0, LosesMsi = random.Next(5) == 0,
                VectorsTakenAway = random.Next(largest + 1),
            });
        }

        options.Add(new PlanOption { Action = PlanAction.MsiOff, Use = Use(), ChangesVM = random.Next(4) > 0, LosesMsi = random.Next(4) > 0, VectorsTakenAway = random.Next(largest + 1) });
        if (random.Next(3) == 0)
            options.Add(new PlanOption { Action = PlanAction.IoApic, Use = Use(), ChangesVM = true, LosesMsi = true, VectorsTakenAway = random.Next(largest + 1) });
        return [.. options];
    }

    /// <summary>Sets what is available between what the devices need at the least (tightness 1) and what they could take (0); above 1 is impossible.</summary>
    private static PlanProblem Fit(Random random, List<PlanDevice> devices, string[] pools, PlanObjective objective, double tightness)
    {
        var available = pools.Select((_, p) =>
        {
            var least = devices.Sum(d => d.Options.Min(o => o.Use[p]));
            var most = devices.Sum(d => d.Options.Max(o => o.Use[p]));
            var here = tightness * (0.6 + (0.4 * random.NextDouble()));
            return random.Next(5) == 0 ? most + random.Next(5) : (int)Math.Round(most - ((most - least) * here)) - random.Next(3);
        }).ToArray();
        return new PlanProblem { Pools = [.. pools.Select((name, p) => new PlanPool(name, available[p]))], Devices = devices, Objective = objective };
    }
}
