namespace PassthroughTools.Logs;

/// <summary>Something about a log that its reader should know but that does not stop the reading.</summary>
/// <param name="Problem">What it is, with advice; see <see cref="LogErrors"/>.</param>
/// <param name="IsLoss">True when events may be missing because something could not be read.</param>
public sealed record LogDiagnostic(PassthruException Problem, bool IsLoss)
{
    /// <summary>Error identifier.</summary>
    public string ErrorId => Problem.ErrorId;

    /// <inheritdoc/>
    public override string ToString() => Problem.Message;
}

/// <summary>How far the reading of a file has come.</summary>
/// <param name="Position">Bytes of the file read so far (compressed bytes where it is compressed).</param>
/// <param name="Length">Length of the file; null where it can't be known.</param>
/// <param name="Lines">Lines read so far.</param>
public readonly record struct LogProgress(long Position, long? Length, long Lines);
