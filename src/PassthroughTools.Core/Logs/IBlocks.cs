namespace PassthroughTools.Logs;

/// <summary>
/// Gives the text out in blocks, in order. A block stands in its buffer behind the free space that <see cref="LineScanner"/> wants. Disposing ends the
/// reading and closes the file.
/// </summary>
internal interface IBlocks : IDisposable
{
    /// <summary>The next block; its count is 0 at the end.</summary>
    /// <exception cref="PassthruException">Reading failed.</exception>
    Block Take();

    /// <summary>Gives the oldest buffer that is still out back, to be filled again.</summary>
    /// <param name="buffer">Buffer.</param>
    void Return(byte[] buffer);
}

/// <summary>A block, and how far the file was read when it was complete.</summary>
internal readonly record struct Block(byte[] Buffer, int Count, long Position);
