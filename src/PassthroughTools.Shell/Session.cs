using System.Management.Automation;
using System.Reflection;
using System.Runtime.InteropServices;

namespace PassthroughTools.Shell;

/// <summary>One run of passthru: from the command line to the exit code.</summary>
internal static class Session
{
    private const int Failure = 1;
    private const int UsageError = 64;
    private const int Interrupted = 130;
    private const int Terminated = 143;

    private static Engine? _engine;
    private static volatile int _signal;

    /// <summary>Runs.</summary>
    /// <param name="args">Arguments of the process.</param>
    /// <returns>Exit code.</returns>
    public static int Run(string[] args)
    {
        var options = ShellOptions.Parse(args);
        if (options.Error is not null)
        {
            Console.Error.WriteLine("passthru: " + options.Error);
            Console.Error.WriteLine("passthru -Help says what there is.");
            return UsageError;
        }

        switch (options.Action)
        {
            case ShellAction.Help:
                Console.Out.WriteLine(Usage.Text);
                return 0;
            case ShellAction.Version:
                Console.Out.WriteLine(Usage.Version);
                return 0;
        }

        var path = options.Action == ShellAction.File ? Path.GetFullPath(options.File) : null;
        if (path is not null && !File.Exists(path))
        {
            Console.Error.WriteLine($"passthru: the script '{options.File}' does not exist.");
            return UsageError;
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Signalled(signal, Interrupted, options));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Signalled(signal, Terminated, options));

        var host = new ShellHost(new ShellUserInterface(Terminal.CanAsk && !options.NonInteractive), Usage.ProductVersion);
        using var engine = new Engine(host);
        _engine = engine;
        if (!ImportModule(engine)) return Failure;
        var code = RunAction(engine, host, options, path);
        return _signal != 0 ? _signal : code;
    }

    private static int RunAction(Engine engine, ShellHost host, ShellOptions options, string? path)
    {
        switch (options.Action)
        {
            case ShellAction.File:
                return FileCode(host, engine.RunFile(path!, options.Arguments));
            case ShellAction.Command:
                return CommandCode(engine, host, engine.RunText(options.Command));
            case ShellAction.Prompt when Terminal.CanAsk && !options.NonInteractive:
                return 0;
            default:
                return CommandCode(engine, host, engine.RunText(Console.In.ReadToEnd()));
        }
    }

    // As pwsh: exit wins; else a failed last command gives 1, whatever its own code was.
    private static int CommandCode(Engine engine, ShellHost host, bool completed) =>
        host.ExitCode ?? (completed && engine.Succeeded ? 0 : Failure);

    // As pwsh: a script that comes to its end has succeeded, whatever errors it wrote.
    private static int FileCode(ShellHost host, bool completed) => host.ExitCode ?? (completed ? 0 : Failure);

    private static bool ImportModule(Engine engine)
    {
        var manifest = Path.Combine(
            Environment.GetEnvironmentVariable("PASSTHRU_MODULE_PATH") is { Length: > 0 } configured
                ? Path.GetFullPath(configured) : Path.Combine(AppContext.BaseDirectory, "Modules", "PassthroughTools"),
            "PassthroughTools.psd1");
        try
        {
            engine.Query("param($manifest) Import-Module -Name $manifest -Global -ErrorAction Stop", manifest);
            return true;
        }
        catch (RuntimeException e)
        {
            Console.Error.WriteLine($"passthru: the module can't be imported from '{manifest}': {e.Message}");
            return false;
        }
    }

    private static void Signalled(PosixSignalContext context, int code, ShellOptions options)
    {
        context.Cancel = true;
        // The second one does not wait for the pipeline to agree.
        if (_signal != 0) Environment.Exit(_signal);
        _signal = code;
        _engine?.Stop(forGood: true);
    }
}

/// <summary>Texts about passthru itself.</summary>
internal static class Usage
{
    /// <summary>Version of the product, which is the module's.</summary>
    public static Version ProductVersion { get; } = typeof(Usage).Assembly.GetName().Version ?? new Version(0, 0);

    /// <summary>What <c>-Version</c> prints.</summary>
    public static string Version =>
        $"passthru {ProductVersion.ToString(3)} (PowerShell {typeof(PSObject).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ', '+')[0]})";

    /// <summary>What <c>-Help</c> prints.</summary>
    public const string Text = "usage";
}
