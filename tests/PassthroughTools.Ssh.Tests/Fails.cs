namespace PassthroughTools.Tests.Ssh;

/// <summary>Asserts on errors, by identifier.</summary>
internal static class Fails
{
    public static PassthruException With(string id, Action action)
    {
        var e = Assert.Throws<PassthruException>(action);
        Assert.True(e.ErrorId == id, $"{e.ErrorId}: {e.Message} {e.InnerException}");
        return e;
    }
}
