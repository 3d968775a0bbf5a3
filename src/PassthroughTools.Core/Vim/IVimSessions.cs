namespace PassthroughTools.Vim;

/// <summary>Finds the session for an object that a plan or a journal names.</summary>
public interface IVimSessions
{
    /// <summary>An open session with a server.</summary>
    /// <param name="server">Address as in <see cref="VimTarget.Server"/>.</param>
    /// <exception cref="PassthruException"><see cref="VimErrors.NotConnected"/>.</exception>
    IVimSession Find(string server);
}
