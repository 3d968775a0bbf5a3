namespace PassthroughTools.Help;

/// <summary>The help of one command, as its Markdown file holds it: what people wrote, and what was taken from the code.</summary>
public sealed record HelpPage
{
    /// <summary>Name of the command.</summary>
    public required string Name { get; init; }

    /// <summary>Day of the last change of substance, MM/dd/yyyy as the schema has it.</summary>
    public string Date { get; init; } = "";

    /// <summary>One sentence that begins with a verb.</summary>
    public string Synopsis { get; init; } = "";

    /// <summary>What the command answers, where the figures come from, what is not known.</summary>
    public string Description { get; init; } = "";

    /// <summary>Examples, in order.</summary>
    public IReadOnlyList<HelpExample> Examples { get; init; } = [];

    /// <summary>Descriptions of parameters by name.</summary>
    public IReadOnlyDictionary<string, HelpParameter> Parameters { get; init; } = new Dictionary<string, HelpParameter>(StringComparer.Ordinal);

    /// <summary>What is said about each type that can be piped in.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is said about each type that comes out.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Notes.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Related topics.</summary>
    public IReadOnlyList<HelpLink> Links { get; init; } = [];
}

/// <summary>An example.</summary>
/// <param name="Title">Heading, with its number.</param>
/// <param name="Body">Markdown: what it shows, the commands, what they print.</param>
/// <param name="Code">The commands.</param>
/// <param name="Runs">Whether the commands run on the samples; false where the block is marked <c>norun</c>.</param>
public sealed record HelpExample(string Title, string Body, IReadOnlyList<string> Code, bool Runs);

/// <summary>What a page says about a parameter.</summary>
/// <param name="Text">Description.</param>
/// <param name="DefaultValue">Default as written; used where the code does not tell.</param>
public sealed record HelpParameter(string Text, string DefaultValue);

/// <summary>A related topic.</summary>
/// <param name="Text">Its name.</param>
/// <param name="Uri">Its file, relative to the page.</param>
public sealed record HelpLink(string Text, string Uri);
