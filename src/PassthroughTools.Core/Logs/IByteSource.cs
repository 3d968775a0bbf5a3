namespace PassthroughTools.Logs;

/// <summary>Gives bytes out, in order, once.</summary>
internal interface IByteSource
{
    /// <summary>Reads up to a number of bytes; 0 at the end.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="offset">From which place on.</param>
    /// <param name="count">How many at most; at least 1.</param>
    int Read(byte[] buffer, int offset, int count);
}
