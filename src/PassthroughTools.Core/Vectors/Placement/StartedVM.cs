using PassthroughTools.Evidence;

namespace PassthroughTools.Vectors;

/// <summary>A VM that is thought of as started on a host.</summary>
/// <param name="VM">VM.</param>
/// <param name="Origin">Host that it was read with; null where only the VM is known.</param>
public sealed record StartedVM(VMEvidence VM, HostEvidence? Origin);
