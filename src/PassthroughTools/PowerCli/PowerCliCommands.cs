using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PassthroughTools.Vim;

namespace PassthroughTools.PowerCli;

/// <summary>Runs PowerCLI's commands, found when they are needed, and turns what they throw into our errors. On the pipeline's thread only.</summary>
internal sealed class PowerCliCommands(PSCmdlet cmdlet, string server)
{
    private const string Call = "param($command, $parameters) & $command @parameters";

    /// <summary>Runs a command.</summary>
    /// <param name="name">Name.</param>
    /// <param name="operation">What it is for, in words.</param>
    /// <param name="target">Object that it is about.</param>
    /// <param name="parameters">Parameters.</param>
    public IReadOnlyList<object> Run(string name, string operation, object? target, params (string Name, object? Value)[] parameters)
    {
        var command = cmdlet.InvokeCommand.GetCommand(name, CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Alias)
            ?? throw LiveErrors.PowerCliMissing.For(name, name);
        var bound = new Hashtable { ["ErrorAction"] = ActionPreference.Stop };
        foreach (var (key, value) in parameters)
        {
            if (value is not null) bound[key] = value;
        }

        VimTrace.Write($"{server}: {name} ({operation})");
        return Guard(() => cmdlet.InvokeCommand.InvokeScript(Call, true, PipelineResultTypes.None, null, command, bound).Select(PowerCliData.Unwrap).OfType<object>().ToList(), operation, target);
    }

    /// <summary>Calls a method of a PowerCLI object.</summary>
    /// <param name="on">Object.</param>
    /// <param name="method">Method; arguments that are not given are null.</param>
    /// <param name="operation">What it is for, in words.</param>
    /// <param name="target">Object that it is about.</param>
    /// <param name="arguments">Arguments.</param>
    public object? Invoke(object on, string method, string operation, object? target, params object?[] arguments)
    {
        var found = on.GetType().GetMethods().Where(each => each.Name == method && each.GetParameters().Length >= arguments.Length)
            .OrderBy(each => each.GetParameters().Length).FirstOrDefault() ?? throw LiveErrors.PowerCliUnknown.For(on, on.GetType().Name, method, operation);
        var all = new object?[found.GetParameters().Length];
        arguments.CopyTo(all, 0);
        VimTrace.Write($"{server}: {method} ({operation})");
        return Guard(() => found.Invoke(on, all), operation, target);
    }

    private T Guard<T>(Func<T> action, string operation, object? target)
    {
        try
        {
            return action();
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (Exception e) when (e is RuntimeException or System.Reflection.TargetInvocationException)
        {
            throw PowerCliFault.From(e).ToException(target is null ? server : $"{target} of {server}", operation, server, target, e);
        }
    }
}
