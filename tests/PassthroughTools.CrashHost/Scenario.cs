using System.Text;
using PassthroughTools.IO;
using PassthroughTools.Journal;

namespace PassthroughTools.CrashHost;

/// <summary>The run that is killed: two files, a changed, an added and a removed value, and one that is right already.</summary>
public sealed class Scenario(string folder)
{
    public const string OriginalA = "alpha=1\nbeta=TRUE\nzeta=9\n";
    public const string OriginalB = "gamma=7\n";
    public const string FinalA = "alpha=1\nbeta=FALSE\ndelta=dword:00000010\nzeta=9\n";
    public const string FinalB = "";

    public string FileA => Path.Combine(folder, "a.conf");

    public string FileB => Path.Combine(folder, "b.conf");

    public string JournalPath => Path.Combine(folder, "state", "journal");

    public RunRequest Request => new()
    {
        HostName = "esx01",
        PlanId = "plan-1",
        Steps =
        [
            Step(FileA, "beta", SettingValue.Of("FALSE")),
            Step(FileA, "alpha", SettingValue.Of("1")),
            Step(FileA, "delta", SettingValue.Of("dword:00000010")),
            Step(FileB, "gamma", SettingValue.Absent),
        ],
    };

    public static RunStep Step(string file, string key, SettingValue value) => new() { Target = KeyValueActuator.Target(file, key), Value = value };

    public void WriteOriginals()
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(FileA, OriginalA, new UTF8Encoding(false));
        File.WriteAllText(FileB, OriginalB, new UTF8Encoding(false));
    }

    public JournalStore Store(IFileOperations? operations = null) => new(JournalPath, operations);

    public RunExecutor Executor(IFileOperations? operations = null, Action<SettingTarget>? beforeWrite = null) =>
        new(Store(operations), [new KeyValueActuator(operations) { BeforeWrite = beforeWrite }]);
}
