namespace PassthroughTools.Journal;

/// <summary>
/// A setting's value in the canonical text of its kind (<c>TRUE</c>, <c>dword:00000010</c>). "Absent" is a value of its own, apart from the empty text.
/// </summary>
public readonly record struct SettingValue
{
    private SettingValue(string? text) => Text = text;

    /// <summary>The setting is not there.</summary>
    public static SettingValue Absent { get; }

    /// <summary>Canonical text; null when absent.</summary>
    public string? Text { get; }

    /// <summary>True when the setting is not there.</summary>
    public bool IsAbsent => Text is null;

    /// <summary>A present value.</summary>
    /// <param name="text">Canonical text: values that mean the same must be spelled the same.</param>
    public static SettingValue Of(string text) => new(text ?? throw new ArgumentNullException(nameof(text)));

    /// <inheritdoc/>
    public override string ToString() => Text ?? "(absent)";
}
