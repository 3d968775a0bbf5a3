using System.Diagnostics;
using System.Globalization;
using PassthroughTools;
using PassthroughTools.CrashHost;
using PassthroughTools.IO;

// crashhost apply|resume|undo|hold FOLDER [N before|half]: does it to the newest run; kills itself with SIGKILL at the N-th file operation.
// crashhost replace FILE: gives the file a new content. Prints the number of operations, or the error identifier and what the message says about it.
if (args is ["replace", var file]) return Replace(file);
var scenario = new Scenario(args[1]);
var operations = new FaultyFileOperations(FileOperations.Default)
{
    FaultAt = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 0,
    Point = args is [_, _, _, "half"] ? FaultPoint.Half : FaultPoint.Before,
    Fault = () =>
    {
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    },
};

try
{
    var executor = scenario.Executor(operations, args[0] == "hold" ? Hold : null);
    var result = args[0] switch
    {
        "apply" or "hold" => executor.Apply(scenario.Request),
        "resume" => executor.Resume(scenario.Store().List()[0].RunId),
        "undo" => executor.Undo(scenario.Store().List()[0].RunId),
        _ => throw new ArgumentException(args[0]),
    };
    Console.WriteLine(result.Errors.Count == 0 ? operations.Count.ToString(CultureInfo.InvariantCulture) : result.Errors[0].ErrorId);
    return result.Errors.Count;
}
catch (PassthruException e)
{
    Console.WriteLine($"{e.ErrorId} {e.Message}");
    return 1;
}

// Says that the run is under way, and waits to be told to go on.
static void Hold(PassthroughTools.Journal.SettingTarget target)
{
    Console.WriteLine("holding");
    Console.In.ReadLine();
}

static int Replace(string path)
{
    try
    {
        AtomicFile.Replace(path, "new"u8.ToArray(), FileStamp.Read(path, out _));
        return 0;
    }
    catch (PassthruException e)
    {
        Console.WriteLine($"{e.ErrorId} {e.Message}");
        return 1;
    }
}
