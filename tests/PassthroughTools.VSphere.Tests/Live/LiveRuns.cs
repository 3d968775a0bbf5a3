using PassthroughTools.Journal;
using PassthroughTools.Vim;
using PassthroughTools.VSphere;

namespace PassthroughTools.Tests.Live;

/// <summary>A server, a session with it, a journal, and runs on VMs of its inventory.</summary>
internal sealed class LiveRuns : IVimSessions, IDisposable
{
    /// <summary>Setting that the runs change; no VM of the inventory has it.</summary>
    public const string Key = "pciPassthru7.msiEnabled";

    private readonly string _folder = Directory.CreateTempSubdirectory("live-runs-").FullName;

    public LiveRuns(VSphereServerOptions? options = null)
    {
        Server = VSphereServer.Start((options ?? new VSphereServerOptions()) with { TaskTime = TimeSpan.FromMilliseconds(20), ShutdownTime = TimeSpan.FromMilliseconds(60) });
        Session = Client.Connecting.To(Server);
        Store = new JournalStore(_folder);
        Ids = Session.RetrieveAll("VirtualMachine", ["name"], null, Token).ToDictionary(vm => vm.Properties.Text("name")!, vm => vm.Reference, StringComparer.Ordinal);
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public VSphereServer Server { get; }

    public VSphereClient Session { get; }

    public JournalStore Store { get; }

    public Dictionary<string, ManagedObject> Ids { get; }

    /// <summary>Hears what is done to whom.</summary>
    public Action<string> OnTold { get; set; } = _ => { };

    public VMPowerOptions Limits { get; set; } = new() { PollInterval = TimeSpan.FromMilliseconds(20), ShutdownTimeout = TimeSpan.FromSeconds(60), StartTimeout = TimeSpan.FromSeconds(60) };

    /// <summary>Calls that changed something, in order.</summary>
    public IReadOnlyList<string> Changes => [.. Server.Requests().Sequence.Where(name => name is "ShutdownGuest" or "ReconfigVM_Task" or "PowerOnVM_Task" or "PowerOffVM_Task")];

    IVimSession IVimSessions.Find(string server) => server == Server.Server ? Session : throw VimErrors.NotConnected.For(server, server);

    public VimTarget Target(string vm) => new(Server.Server, Ids[vm]);

    /// <summary>What the server itself says of a setting; null where it is absent.</summary>
    public string? Setting(string vm) => Server.VM(vm).ExtraConfig!.GetValueOrDefault(Key);

    public RunResult Apply(params string[] vms) => Apply(CancellationToken.None, vms);

    public RunResult Apply(CancellationToken cancellation, params string[] vms)
    {
        var power = Power(cancellation);
        return Executor(power).Apply(new RunRequest { HostName = "esx", Steps = [.. vms.Select(vm => Step(vm, power))] }, null, cancellation);
    }

    public RunResult Resume(string run) => Executor(Power(CancellationToken.None)).Resume(run);

    /// <summary>Most VMs that were on their way at one time: shut down and not started again.</summary>
    public int MostDown
    {
        get
        {
            var (now, most) = (0, 0);
            foreach (var call in Changes)
            {
                now += call switch { "ShutdownGuest" => 1, "PowerOnVM_Task" => -1, _ => 0 };
                most = Math.Max(most, now);
            }

            return most;
        }
    }

    public RunResult Undo(string run) => Executor(Power(CancellationToken.None)).Undo(run);

    public RunStep Step(string vm, VMPowerCycle power) => new()
    {
        Target = new SettingTarget { Kind = VimSettingActuator.KindName, Container = Target(vm).ToString(), Key = Key, Display = vm },
        Value = SettingValue.Of("FALSE"),
        Barrier = power.NameFor(Target(vm)),
    };

    public VMPowerCycle Power(CancellationToken cancellation) => new(this, Limits, text => OnTold(text), cancellation);

    public RunExecutor Executor(VMPowerCycle power) => new(Store, [new VimSettingActuator(this, power)]) { Barrier = power };

    public void Dispose()
    {
        Session.Dispose();
        Server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
