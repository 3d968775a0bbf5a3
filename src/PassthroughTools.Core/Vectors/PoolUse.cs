using PassthroughTools.Pci;

namespace PassthroughTools.Vectors;

/// <summary>What a device's vectors count for in each pool.</summary>
internal static class PoolUse
{
    /// <summary>Vectors or cookies that a device takes from a pool; null when its demand is unknown.</summary>
    /// <param name="pool">Pool.</param>
    /// <param name="mode">Mode in which the host runs the device.</param>
    /// <param name="demand">Vectors after all limits.</param>
    /// <param name="hasGlobalPool">True where INTx and MSI have a pool of their own.</param>
    public static int? Of(InterruptPool pool, InterruptMode mode, int? demand, bool hasGlobalPool) => pool switch
    {
        InterruptPool.MsixVectors => mode switch
        {
            InterruptMode.IntX => 0,
            InterruptMode.Msi when hasGlobalPool => 0,
            _ => demand,
        },

        // A device starts with one line-based or MSI interrupt before its driver turns MSI-X on, so an MSI-X device counts with one.
        InterruptPool.GlobalVectors => mode switch
        {
            InterruptMode.Msi => demand,
            InterruptMode.IntX or InterruptMode.MsiX => 1,
            _ => demand,
        },
        _ => demand,
    };
}
