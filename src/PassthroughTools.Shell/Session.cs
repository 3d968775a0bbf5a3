using System.Management.Automation;
using System.Runtime.InteropServices;

namespace PassthroughTools.Shell;

/// <summary>One run of passthru: from the command line to the exit code.</summary>
/// <param name="options">The command line.</param>
internal sealed class Session(ShellOptions options)
{
    private const int Failure = 1;
    private const int UsageError = 64;
    private const int Interrupted = 130;
    private const int Terminated = 143;

    private readonly bool _interactive = Terminal.CanAsk && !options.NonInteractive;
    private volatile Engine? _engine;
    private volatile int _signal;

    private bool Prompts => _interactive && (options.NoExit || options.Action == ShellAction.Prompt);

    /// <summary>Runs.</summary>
    /// <param name="args">Arguments of the process.</param>
    /// <returns>Exit code.</returns>
    public static int Run(string[] args)
    {
        var options = ShellOptions.Parse(args);
        if (options.Error is not null) return Refuse(options.Error);
        switch (options.Action)
        {
            case ShellAction.Help:
                Console.Out.WriteLine(Usage.Text);
                return 0;
            case ShellAction.Version:
                Console.Out.WriteLine(Usage.Version);
                return 0;
            case ShellAction.File when !File.Exists(options.File):
                return Refuse($"the script '{options.File}' does not exist.");
        }

        return new Session(options).Run();
    }

    private static int Refuse(string reason)
    {
        Console.Error.WriteLine("passthru: " + reason);
        Console.Error.WriteLine("'passthru -Help' says what there is.");
        return UsageError;
    }

    private int Run()
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => OnSignal(signal, Interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => OnSignal(signal, Terminated));

        var ui = new ShellUserInterface(_interactive);
        var host = new ShellHost(ui, Usage.ProductVersion);
        using var engine = new Engine(host, ui);
        _engine = engine;
        if (_signal != 0) return _signal;
        if (!ImportModule(engine)) return Failure;
        var code = RunAction(engine, host);
        if (_signal != 0) return _signal;
        if (!Prompts || host.ExitCode is not null) return code;
        if (!options.NoLogo) Console.Error.WriteLine(Usage.Version);
        return new Prompt(engine, host).Run();
    }

    private int RunAction(Engine engine, ShellHost host)
    {
        switch (options.Action)
        {
            case ShellAction.File:
                // As pwsh: a script that comes to its end has succeeded, whatever errors it wrote.
                return engine.RunFile(Path.GetFullPath(options.File), options.Arguments) ? host.ExitCode ?? 0 : Failure;
            case ShellAction.Command:
                return RunText(engine, host, options.Command);
            case ShellAction.StandardInput:
            case ShellAction.Prompt when !Prompts:
                return RunText(engine, host, Console.In.ReadToEnd());
            default:
                return 0;
        }
    }

    // As pwsh: exit wins; else a failed last command gives 1, whatever its own code was.
    private static int RunText(Engine engine, ShellHost host, string text)
    {
        if (text.Trim().Length == 0) return 0;
        var completed = engine.RunText(text);
        return host.ExitCode ?? (completed && engine.Succeeded ? 0 : Failure);
    }

    private static bool ImportModule(Engine engine)
    {
        var folder = Environment.GetEnvironmentVariable("PASSTHRU_MODULE_PATH") is { Length: > 0 } configured
            ? Path.GetFullPath(configured)
            : Path.Combine(AppContext.BaseDirectory, "Modules", "PassthroughTools");
        try
        {
            engine.Query("param($manifest) Import-Module -Name $manifest -Global -ErrorAction Stop", Path.Combine(folder, "PassthroughTools.psd1"));
            return true;
        }
        catch (RuntimeException e)
        {
            Console.Error.WriteLine($"passthru: the module can't be imported from '{folder}': {e.Message}");
            return false;
        }
    }

    private void OnSignal(PosixSignalContext context, int code)
    {
        context.Cancel = true;
        if (Prompts && code == Interrupted)
        {
            // At the prompt it ends the command, not the session.
            _engine?.Stop(forGood: false);
            return;
        }

        // The second one does not wait for the pipeline to agree.
        if (_signal != 0) Environment.Exit(_signal);
        _signal = code;
        _engine?.Stop(forGood: true);
    }
}
