namespace PassthroughTools.Planning;

/// <summary>Errors about the question put to the planner.</summary>
public static class PlanErrors
{
    /// <summary>A plan that was serialised would be another one now.</summary>
    public static readonly ErrorDefinition NotSame = new(
        "PlanNotRebuilt", ErrorKind.InvalidOperation,
        "Plan {0} of {1} came back from another session without its steps, and made anew it is {2}; nothing was written.",
        "The host changed since, or the plan was made with other options than its preference and headroom: make a new plan and look at it, or apply it where it was made.");

    /// <summary>There is no pool to fit.</summary>
    public static readonly ErrorDefinition NoPool = new(
        "PlanNoPool", ErrorKind.InvalidArgument,
        "The problem names no pool.",
        "Give at least one pool with what it has available.");

    /// <summary>Two pools have one name, or a pool has none.</summary>
    public static readonly ErrorDefinition PoolName = new(
        "PlanPoolName", ErrorKind.InvalidArgument,
        "The pool name '{0}' is empty or used twice.",
        "Give every pool a name of its own.");

    /// <summary>Two devices have one identifier, or a device lacks an identifier or a VM.</summary>
    public static readonly ErrorDefinition DeviceId = new(
        "PlanDeviceId", ErrorKind.InvalidArgument,
        "The device identifier '{0}' is empty or used twice, or the device names no VM.",
        "Give every device an identifier of its own, and the VM that it belongs to.");

    /// <summary>A device has no option, or none that the objective allows.</summary>
    public static readonly ErrorDefinition NoOption = new(
        "PlanNoOption", ErrorKind.InvalidArgument,
        "Device '{0}' has no option that the objective {1} allows.",
        "Give the device at least the option to keep what it has.");

    /// <summary>An option's vectors don't match the pools.</summary>
    public static readonly ErrorDefinition UseLength = new(
        "PlanUseLength", ErrorKind.InvalidArgument,
        "An option of device '{0}' says how much it takes from {1} pools; the problem has {2}.",
        "Give one figure a pool, in the order of the pools; 0 where the option takes nothing.");

    /// <summary>A figure is negative.</summary>
    public static readonly ErrorDefinition Negative = new(
        "PlanNegative", ErrorKind.InvalidArgument,
        "An option of device '{0}' has a negative figure ({1}).",
        "Vectors taken and vectors taken away are 0 or more.");

    /// <summary>An option contradicts its action.</summary>
    public static readonly ErrorDefinition OptionShape = new(
        "PlanOptionShape", ErrorKind.InvalidArgument,
        "An option of device '{0}' doesn't agree with its action {1}: {2}.",
        "A message limit needs a limit of 1 or more and the other actions have none; Keep changes no VM, loses no MSI and takes nothing away.");

    /// <summary>A device offers one action and limit twice.</summary>
    public static readonly ErrorDefinition DuplicateOption = new(
        "PlanDuplicateOption", ErrorKind.InvalidArgument,
        "Device '{0}' offers {1} twice.",
        "Give each pair of action and limit once.");

    /// <summary>Like devices have no option in common.</summary>
    public static readonly ErrorDefinition NoCommonOption = new(
        "PlanNoCommonOption", ErrorKind.InvalidArgument,
        "The devices of the kind '{0}' have no action and limit in common, so they can't share evenly.",
        "Give devices that must be treated differently a kind of their own, or choose another objective.");

    /// <summary>The figures are beyond what the planner's arithmetic is safe for.</summary>
    public static readonly ErrorDefinition TooLarge = new(
        "PlanTooLarge", ErrorKind.LimitsExceeded,
        "The problem is too large: {0}.",
        "Plan one host at a time; a figure above 65536 vectors for one device, a pool beyond 16777216 or a sum beyond 16777216 is not a host's.");
}
