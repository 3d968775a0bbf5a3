namespace PassthroughTools;

/// <summary>An entry of the error catalogue as <c>Get-PassthruError</c> writes it.</summary>
/// <param name="Id">Identifier: the first part of FullyQualifiedErrorId.</param>
/// <param name="Category">Category.</param>
/// <param name="Message">Message; {0}, {1} … are filled in when it is raised.</param>
/// <param name="Advice">What to do about it; filled in likewise.</param>
/// <param name="HelpLink">Help topic that lists it.</param>
public sealed record ErrorEntry(string Id, ErrorKind Category, string Message, string Advice, string HelpLink)
{
    /// <inheritdoc/>
    public override string ToString() => Id;
}
