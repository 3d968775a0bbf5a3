using Google.OrTools.Sat;
using PassthroughTools.Planning;

namespace PassthroughTools.Tests.Planning;

/// <summary>The same question put to OR-Tools CP-SAT, as a plain model with none of the planner's ideas in it.</summary>
internal static class CpSatOracle
{
    /// <summary>VMs changed, devices losing MSI, vectors taken away; null when nothing fits.</summary>
    /// <param name="problem">The question.</param>
    /// <param name="effort">Most work in OR-Tools' deterministic time, which is about seconds.</param>
    /// <exception cref="TimeoutException">The effort did not suffice for a proof.</exception>
    public static (int VMs, int Lost, int Taken)? Solve(PlanProblem problem, double effort = 100)
    {
        var model = new Variables(problem);
        for (var p = 0; p < problem.Pools.Count; p++) model.Model.Add(model.Use(p) <= problem.Pools[p].Available);

        // Each figure outweighs all that comes after it.
        long taken = problem.Devices.Sum(d => (long)d.Options.Max(o => o.VectorsTakenAway)) + 1, lost = problem.Devices.Count + 1;
        var vms = (long)problem.Devices.Count + 1;
        model.Model.Minimize(problem.Objective == PlanObjective.EvenShare
            ? (model.Lost * (taken * vms)) + (model.Taken * vms) + model.VMs
            : (model.VMs * (lost * taken)) + (model.Lost * taken) + model.Taken);
        var solver = Run(model.Model, effort, out var status);
        if (status == CpSolverStatus.Infeasible) return null;
        if (status != CpSolverStatus.Optimal) throw new TimeoutException($"CP-SAT: {status}");
        return ((int)solver.Value(model.VMs), (int)solver.Value(model.Lost), (int)solver.Value(model.Taken));
    }

    /// <summary>Least total of extra capacity.</summary>
    public static int Shortfall(PlanProblem problem)
    {
        var model = new Variables(problem);
        var extra = problem.Pools.Select((_, p) => model.Model.NewIntVar(0, 1 << 25, $"extra{p}")).ToArray();
        for (var p = 0; p < extra.Length; p++) model.Model.Add(model.Use(p) <= problem.Pools[p].Available + extra[p]);
        model.Model.Minimize(LinearExpr.Sum(extra));
        var solver = Run(model.Model, 100, out var status);
        Assert.Equal(CpSolverStatus.Optimal, status);
        return (int)extra.Sum(solver.Value);
    }

    private static CpSolver Run(CpModel model, double effort, out CpSolverStatus status)
    {
        var solver = new CpSolver { StringParameters = FormattableString.Invariant($"num_workers:1 max_deterministic_time:{effort}") };
        status = solver.Solve(model);
        return solver;
    }

    private sealed class Variables
    {
        private readonly PlanProblem _problem;
        private readonly List<(PlanDevice Device, PlanOption Option, BoolVar Chosen)> _chosen = [];

        internal Variables(PlanProblem problem)
        {
            _problem = problem;
            foreach (var device in problem.Devices)
            {
                var mine = device.Options.Where(o => problem.Objective != PlanObjective.MsiOff || o.Action != PlanAction.MessageLimit)
                    .Select(option => (device, option, Model.NewBoolVar($"{device.Id}-{option.Action}-{option.Limit}"))).ToList();
                Model.AddExactlyOne(mine.Select(x => x.Item3));
                _chosen.AddRange(mine);
            }

            if (problem.Objective == PlanObjective.EvenShare) TieLikeDevices();
            VMs = LinearExpr.Sum(problem.Devices.GroupBy(d => d.VM).Select(vm =>
            {
                var changed = Model.NewBoolVar(vm.Key);
                foreach (var (_, _, chosen) in _chosen.Where(x => x.Device.VM == vm.Key && x.Option.ChangesVM)) Model.AddImplication(chosen, changed);
                return changed;
            }));
            Lost = Sum(o => o.LosesMsi ? 1 : 0);
            Taken = Sum(o => o.VectorsTakenAway);
        }

        internal CpModel Model { get; } = new();

        internal LinearExpr VMs { get; }

        internal LinearExpr Lost { get; }

        internal LinearExpr Taken { get; }

        internal LinearExpr Use(int pool) => Sum(o => o.Use[pool]);

        private LinearExpr Sum(Func<PlanOption, int> figure) =>
            LinearExpr.WeightedSum(_chosen.Select(x => x.Chosen), _chosen.Select(x => figure(x.Option)));

        private void TieLikeDevices()
        {
            foreach (var like in _problem.Devices.GroupBy(d => d.LikeKey))
            {
                var keys = like.SelectMany(d => d.Options).Select(o => (o.Action, o.Limit)).Distinct().ToList();
                foreach (var key in keys)
                {
                    var same = _chosen.Where(x => x.Device.LikeKey == like.Key && (x.Option.Action, x.Option.Limit) == key).ToList();
                    for (var i = 0; i < same.Count; i++)
                    {
                        if (same.Count < like.Count()) Model.Add(same[i].Chosen == 0);
                        else Model.Add(same[i].Chosen == same[0].Chosen);
                    }
                }
            }
        }
    }
}
