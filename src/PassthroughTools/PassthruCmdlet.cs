using System.Management.Automation;

namespace PassthroughTools;

/// <summary>Base of all cmdlets: one cancellation token, one way from exceptions to error records.</summary>
public abstract class PassthruCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled by Ctrl+C and <c>Select-Object -First</c>.</summary>
    protected CancellationToken StopToken => _stop.Token;

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _stop.Cancel();

    /// <summary>Runs an action for one input object; expected failures become non-terminating error records.</summary>
    /// <param name="action">Work for the object.</param>
    /// <param name="target">The object, for the error record.</param>
    protected void Guard(Action action, object? target)
    {
        try
        {
            action();
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        catch (PassthruException e)
        {
            WriteError(e.ToErrorRecord(target));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the token.</summary>
    /// <param name="disposing">True when called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) _stop.Dispose();
    }
}
