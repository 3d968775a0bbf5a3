using PassthroughTools.Journal;
using PassthroughTools.Vim;

namespace PassthroughTools.Guests;

/// <summary>The settings of guests whose VMs are shut down and started by the run: the VM is brought up to ask its guest, and restarted after a change.</summary>
/// <param name="inner">Who reads and writes.</param>
/// <param name="power">The VM's bracket.</param>
public sealed class GuestInBracketActuator(GuestRegistryActuator inner, VMPowerCycle power) : ISettingActuator
{
    /// <inheritdoc/>
    public string Kind => inner.Kind;

    /// <inheritdoc/>
    public SettingValue Read(SettingTarget target)
    {
        power.ForGuest(isChange: false);
        return inner.Read(target);
    }

    /// <inheritdoc/>
    public void Write(SettingTarget target, SettingValue newValue, SettingValue expected)
    {
        power.ForGuest(isChange: true);
        inner.Write(target, newValue, expected);
    }
}
