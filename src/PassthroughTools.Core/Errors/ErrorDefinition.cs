using System.Globalization;

namespace PassthroughTools;

/// <summary>
/// One entry of the error catalogue. An identifier is never reused and has no spaces; message and advice are composite format strings.
/// Definitions live as <c>public static readonly</c> fields in <c>*Errors</c> classes beside the code that raises them;
/// <see cref="ErrorCatalog"/> finds them all.
/// </summary>
/// <param name="Id">Error identifier: the first part of PowerShell's FullyQualifiedErrorId.</param>
/// <param name="Kind">Category.</param>
/// <param name="Message">What is wrong; {0}, {1} … are filled in.</param>
/// <param name="Advice">What the user can do about it; filled in from the same arguments.</param>
public sealed record ErrorDefinition(string Id, ErrorKind Kind, string Message, string Advice)
{
    /// <summary>Makes the exception to throw.</summary>
    /// <param name="target">The object concerned, for the error record.</param>
    /// <param name="arguments">What goes into message and advice.</param>
    public PassthruException For(object? target, params object?[] arguments) => Because(null, target, arguments);

    /// <summary>Makes the exception to throw, with the exception that caused it.</summary>
    /// <param name="cause">The inner exception.</param>
    /// <param name="target">The object concerned, for the error record.</param>
    /// <param name="arguments">What goes into message and advice.</param>
    public PassthruException Because(Exception? cause, object? target, params object?[] arguments) =>
        new(this,
            string.Format(CultureInfo.InvariantCulture, Message, arguments),
            string.Format(CultureInfo.InvariantCulture, Advice, arguments),
            target,
            cause);
}
