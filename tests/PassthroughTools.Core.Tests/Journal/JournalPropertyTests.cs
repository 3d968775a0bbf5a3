using CsCheck;
using PassthroughTools.CrashHost;
using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Tests.IO;

namespace PassthroughTools.Tests.Journal;

/// <summary>Random sequences of runs, undos, resumptions, crashes and foreign edits against a model in memory.</summary>
public sealed class JournalPropertyTests
{
    private static readonly string[] Files = ["a.conf", "b.conf"];
    private static readonly string[] Keys = ["k1", "k2", "k3"];
    private static readonly string?[] Values = [null, "", "TRUE", "FALSE", "dword:00000010", "\u00fc \"\\\u2028\U0001F600"];

    private static readonly Gen<(int File, int Key, int Value)> Setting =
        Gen.Select(Gen.Int[0, Files.Length - 1], Gen.Int[0, Keys.Length - 1], Gen.Int[0, Values.Length - 1]);

    private static readonly Gen<Command> Commands = Gen.Frequency(
        (4, Setting.Array[1, 5].Select(steps => new Command("apply", steps, 0, 0))),
        (3, Gen.Select(Setting.Array[1, 5], Gen.Int[1, 60]).Select((steps, at) => new Command("apply-crash", steps, 0, at))),
        (4, Gen.Int[0, 5].Select(run => new Command("undo", [], run, 0))),
        (2, Gen.Select(Gen.Int[0, 5], Gen.Int[1, 40]).Select((run, at) => new Command("undo-crash", [], run, at))),
        (2, Gen.Int[0, 5].Select(run => new Command("resume", [], run, 0))),
        (2, Gen.Select(Gen.Int[0, 5], Gen.Int[1, 40]).Select((run, at) => new Command("resume-crash", [], run, at))),
        (3, Setting.Select(setting => new Command("edit", [setting], 0, 0))));

    [Fact]
    public void Files_and_runs_are_what_the_model_says() =>
        Commands.Array[1, 14].Sample(commands =>
        {
            using var world = new World();
            foreach (var command in commands) world.Execute(command);
            world.UndoAll();
        }, iter: 300);

    private sealed record Command(string Name, (int File, int Key, int Value)[] Settings, int Run, int CrashAt)
    {
        public override string ToString() => $"{Name}({string.Join(", ", Settings)} run {Run} crash {CrashAt})";
    }

    private sealed class ModelRun
    {
        public required string Id { get; init; }

        public required List<ModelStep> Steps { get; init; }

        public RunState State { get; set; } = RunState.Planned;
    }

    private sealed class ModelStep
    {
        public required (int File, int Key) Place { get; init; }

        public required string? Before { get; init; }

        public required string? Ours { get; init; }

        public bool IsDone { get; set; }

        public bool IsRestored { get; set; }

        public bool Differs => Before != Ours;
    }

    private sealed class World : IDisposable
    {
        private readonly TestFolder _folder = new(inMemory: true);
        private readonly Dictionary<(int File, int Key), string?> _values = [];
        private readonly List<ModelRun> _runs = [];

        public World()
        {
            foreach (var file in Files) _folder.Write(file, "k1=TRUE\nk2=\n");
            ReadValues();
        }

        private JournalStore Store => new(_folder["journal"]);

        public void Execute(Command command)
        {
            switch (command.Name)
            {
                case "apply" or "apply-crash":
                    Apply(command);
                    break;
                case "undo" or "undo-crash":
                    if (Pick(command) is { } undone) Undo(undone, command.CrashAt);
                    break;
                case "resume" or "resume-crash":
                    if (Pick(command) is { } resumed) Resume(resumed, command.CrashAt);
                    break;
                default:
                    Edit(command.Settings[0]);
                    break;
            }

            Check();
        }

        /// <summary>The latest first, with conflicts kept, every run can be closed.</summary>
        public void UndoAll()
        {
            foreach (var run in Enumerable.Reverse(_runs).Where(run => run.State != RunState.Undone))
            {
                Assert.Equal(RunState.Undone, Executor(0).Undo(run.Id, new UndoOptions { KeepConflicts = true }).State);
            }
        }

        public void Dispose() => _folder.Dispose();

        private static bool Crashed(Action action)
        {
            try
            {
                action();
                return false;
            }
            catch (SimulatedCrashException)
            {
                return true;
            }
        }

        private void Apply(Command command)
        {
            var settings = command.Settings.DistinctBy(setting => (setting.File, setting.Key)).ToList();
            var steps = settings.Select(setting => new ModelStep
            {
                Place = (setting.File, setting.Key),
                Before = _values[(setting.File, setting.Key)],
                Ours = Values[setting.Value],
            }).ToList();
            var request = new RunRequest
            {
                Steps = [.. steps.Select(step => Scenario.Step(_folder[Files[step.Place.File]], Keys[step.Place.Key], Value(step.Ours)))],
            };
            var before = Store.List().Count;

            RunResult? result = null;
            var crashed = Crashed(() => result = Executor(command.CrashAt).Apply(request));
            if (Store.List().Count == before)
            {
                Assert.True(crashed || steps.TrueForAll(step => !step.Differs));
                return;
            }

            var run = new ModelRun { Id = Store.List()[0].RunId, Steps = steps };
            _runs.Add(run);
            if (crashed) Adopt(run, steps.Where(step => step.Differs), step => step.Before, step => step.Ours);
            else
            {
                Assert.Empty(result!.Errors);
                foreach (var step in steps.Where(step => step.Differs)) Set(step, step.Ours);
                run.State = RunState.Completed;
            }

            Sync(run, crashed);
        }

        private void Resume(ModelRun run, int crashAt)
        {
            if (run.State is not (RunState.Planned or RunState.Interrupted or RunState.Failed))
            {
                AssertRefused(JournalErrors.RunNotResumable, () => Executor(0).Resume(run.Id));
                return;
            }

            if (IsSuperseded(run))
            {
                AssertRefused(JournalErrors.RunSuperseded, () => Executor(0).Resume(run.Id));
                return;
            }

            var open = run.Steps.Where(step => step.Differs).ToList();
            RunResult? result = null;
            if (Crashed(() => result = Executor(crashAt).Resume(run.Id)))
            {
                Adopt(run, open.Where(step => !step.IsDone && _values[step.Place] == step.Before), step => step.Before, step => step.Ours);
                Sync(run, crashed: true);
                return;
            }

            var blocked = open.Find(step => step.IsDone ? _values[step.Place] != step.Ours : _values[step.Place] != step.Before && _values[step.Place] != step.Ours);
            foreach (var step in open.TakeWhile(step => step != blocked)) Set(step, step.Ours);
            run.State = blocked is null ? RunState.Completed : RunState.Failed;
            Assert.Equal(blocked is null ? [] : [JournalErrors.SettingChanged.Id], result!.Errors.Select(error => error.ErrorId));
            Sync(run, crashed: false);
        }

        private void Undo(ModelRun run, int crashAt)
        {
            if (run.State == RunState.Undone)
            {
                AssertRefused(JournalErrors.RunSealed, () => Executor(0).Undo(run.Id));
                return;
            }

            if (IsSuperseded(run))
            {
                AssertRefused(JournalErrors.RunSuperseded, () => Executor(0).Undo(run.Id));
                return;
            }

            var open = run.Steps.Where(step => step.Differs && !step.IsRestored).Reverse().ToList();
            RunResult? result = null;
            if (Crashed(() => result = Executor(crashAt).Undo(run.Id)))
            {
                Adopt(run, open.Where(step => _values[step.Place] == step.Ours), step => step.Ours, step => step.Before);
                Sync(run, crashed: true);
                return;
            }

            var conflicts = open.Where(step => _values[step.Place] != step.Ours && _values[step.Place] != step.Before).ToList();
            foreach (var step in open.Except(conflicts))
            {
                _values[step.Place] = step.Before;
                step.IsRestored = true;
            }

            run.State = conflicts.Count == 0 ? RunState.Undone : RunState.PartlyUndone;
            Assert.Equal(conflicts.Count, result!.Errors.Count);
            Assert.All(result.Errors, error => Assert.Equal(JournalErrors.UndoConflict.Id, error.ErrorId));
            Sync(run, crashed: false);
        }

        private void Edit((int File, int Key, int Value) setting)
        {
            var path = _folder[Files[setting.File]];
            var content = KeyValueActuator.Parse(File.ReadAllBytes(path));
            if (Values[setting.Value] is { } text) content[Keys[setting.Key]] = text;
            else content.Remove(Keys[setting.Key]);
            File.WriteAllBytes(path, KeyValueActuator.Format(content));
            _values[(setting.File, setting.Key)] = Values[setting.Value];
        }

        /// <summary>After a crash each step is as before or as wanted, in the order of the steps; which, the files tell.</summary>
        private void Adopt(ModelRun run, IEnumerable<ModelStep> steps, Func<ModelStep, string?> from, Func<ModelStep, string?> to)
        {
            var actual = Actual();
            var isReached = false;
            foreach (var step in steps)
            {
                var now = actual[step.Place];
                Assert.True(now == from(step) || (now == to(step) && !isReached), $"run {run.Id}: a step was done out of order");
                isReached |= now == from(step);
                _values[step.Place] = now;
            }
        }

        /// <summary>After a crash the journal knows better than the model how far it came; else they must agree.</summary>
        private void Sync(ModelRun run, bool crashed)
        {
            var summary = Store.Get(run.Id);
            if (crashed)
            {
                Assert.Contains(summary.State, new[] { RunState.Planned, RunState.Interrupted, RunState.Completed, RunState.Failed, RunState.PartlyUndone, RunState.Undone });
                run.State = summary.State;
            }

            for (var i = 0; i < run.Steps.Count; i++)
            {
                run.Steps[i].IsDone = summary.Steps[i].Outcome == StepOutcome.Done;
                run.Steps[i].IsRestored = summary.Steps[i].Outcome is StepOutcome.Restored or StepOutcome.NothingToRestore;
            }
        }

        private bool IsSuperseded(ModelRun run)
        {
            var places = run.Steps.Where(step => step.Differs).Select(step => step.Place).ToHashSet();
            return _runs.SkipWhile(other => other != run).Skip(1)
                .Any(later => later.State != RunState.Undone && later.Steps.Exists(step => step.Differs && !step.IsRestored && places.Contains(step.Place)));
        }

        private void Set(ModelStep step, string? value) => _values[step.Place] = value;

        private void Check()
        {
            Assert.Equal(_values, Actual());
            Assert.Equal(_runs.Select(run => (run.Id, run.State)), Store.List().Reverse().Select(run => (run.RunId, run.State)));
        }

        private ModelRun? Pick(Command command) => _runs.Count == 0 ? null : _runs[^(1 + (command.Run % _runs.Count))];

        private RunExecutor Executor(int crashAt)
        {
            var operations = new FaultyFileOperations(FileOperations.Default) { FaultAt = crashAt, Point = crashAt % 2 == 0 ? FaultPoint.Half : FaultPoint.After };
            return new(new JournalStore(_folder["journal"], operations), [new KeyValueActuator(operations)]);
        }

        private void ReadValues()
        {
            foreach (var (place, value) in Actual()) _values[place] = value;
        }

        private Dictionary<(int File, int Key), string?> Actual() =>
            (from file in Enumerable.Range(0, Files.Length)
             let content = KeyValueActuator.Parse(File.ReadAllBytes(_folder[Files[file]]))
             from key in Enumerable.Range(0, Keys.Length)
             select ((file, key), content.GetValueOrDefault(Keys[key]))).ToDictionary(pair => pair.Item1, pair => (string?)pair.Item2);

        private static SettingValue Value(string? text) => text is null ? SettingValue.Absent : SettingValue.Of(text);

        private static void AssertRefused(ErrorDefinition expected, Action action) =>
            Assert.Equal(expected.Id, Assert.Throws<PassthruException>(action).ErrorId);
    }
}
