namespace PassthroughTools.Journal;

/// <summary>One setting in one place. The actuator of the kind decides the canonical spelling; the same setting must always be spelled the same.</summary>
public sealed record SettingTarget
{
    /// <summary>Kind of setting; selects the <see cref="ISettingActuator"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What holds the setting: full path of a .vmx or .reg file, managed object id, guest. Runs lock by it.</summary>
    public required string Container { get; init; }

    /// <summary>Name of the setting within the container.</summary>
    public required string Key { get; init; }

    /// <summary>What an admin calls it (VM, device); has no part in telling targets apart.</summary>
    public string Display { get; init; } = "";

    /// <summary>Whether both name the same setting.</summary>
    /// <param name="other">Target to compare with.</param>
    public bool IsSameSetting(SettingTarget other) => Identity == other.Identity;

    internal (string, string, string) Identity => (Kind, Container, Key);

    /// <inheritdoc/>
    public override string ToString() => Display.Length == 0 ? $"{Container}: {Key}" : $"{Display}: {Key}";
}
