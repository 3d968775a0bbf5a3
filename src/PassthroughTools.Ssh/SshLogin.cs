namespace PassthroughTools.Ssh;

/// <summary>What a host says while someone logs in, for the error if it comes to one.</summary>
internal sealed class SshLogin
{
    private const int MostLength = 200;
    private string _said = "";

    /// <summary>The question that nobody here can answer; null where there was none.</summary>
    public string? OpenQuestion { get; private set; }

    /// <summary>A sentence with what the host said; empty where it said nothing.</summary>
    public string Said => _said.Length == 0 ? "" : $" The host says: '{_said}'";

    /// <summary>Keeps a text that is not a question: that the account is locked, say.</summary>
    public void Hear(string? text)
    {
        if (Clean(text) is { Length: > 0 } clean) _said = _said.Length == 0 ? clean : Clean(_said + " " + clean);
    }

    /// <summary>Keeps a question that stays open.</summary>
    public void LeaveOpen(string text) => OpenQuestion ??= Clean(text);

    private static string Clean(string? text)
    {
        var clean = new string([.. (text ?? "").Select(character => char.IsControl(character) ? ' ' : character)]).Trim();
        return clean.Length <= MostLength ? clean : clean.Substring(0, MostLength) + "…";
    }
}
