namespace PassthroughTools;

/// <summary>A failure that the user can do something about. Made by <see cref="ErrorDefinition.For"/>.</summary>
public sealed class PassthruException : Exception
{
    internal PassthruException(ErrorDefinition definition, string message, string advice, object? target, Exception? cause)
        : base(message, cause)
    {
        Definition = definition;
        Advice = advice;
        Target = target;
    }

    /// <summary>The catalogue's entry.</summary>
    public ErrorDefinition Definition { get; }

    /// <summary>Error identifier.</summary>
    public string ErrorId => Definition.Id;

    /// <summary>What the user can do.</summary>
    public string Advice { get; }

    /// <summary>The object concerned.</summary>
    public object? Target { get; }
}
