namespace PassthroughTools.Vmx;

/// <summary>Family of a guest's operating system: decides what can be edited in it.</summary>
public enum GuestFamily
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Microsoft Windows.</summary>
    Windows,

    /// <summary>Linux.</summary>
    Linux,

    /// <summary>Anything else.</summary>
    Other,
}
