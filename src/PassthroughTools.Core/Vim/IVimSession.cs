namespace PassthroughTools.Vim;

/// <summary>
/// A session with a vCenter or a host, through our own client or through PowerCLI. Everything is asked of many objects at once: a call costs a
/// constant number of requests, pages apart. Failures are <see cref="PassthruException"/> with an error of <see cref="VimErrors"/>.
/// Members may be called from one thread at a time; those of PowerCLI only from the pipeline's.
/// </summary>
public interface IVimSession
{
    /// <summary>Address as the user gave it: name or name:port.</summary>
    string Server { get; }

    /// <summary>User of the session.</summary>
    string? User { get; }

    /// <summary>API version, such as 8.0.3.0.</summary>
    string? ApiVersion { get; }

    /// <summary>Identifies the vCenter whatever name it is reached by; null for a host of its own.</summary>
    string? InstanceUuid { get; }

    /// <summary>Whether it is a vCenter rather than a single host.</summary>
    bool IsVirtualCenter { get; }

    /// <summary>Retrieves properties of all objects of a type, as pages come in.</summary>
    /// <param name="type">HostSystem, VirtualMachine, ClusterComputeResource …</param>
    /// <param name="paths">Properties to retrieve; a path that the object's type has not is an error.</param>
    /// <param name="within">Folder, datacenter, cluster or host to stay within; null for the whole inventory.</param>
    /// <param name="cancellation">Stops between pages.</param>
    IEnumerable<VimObject> RetrieveAll(string type, IReadOnlyList<string> paths, ManagedObject? within, CancellationToken cancellation);

    /// <summary>
    /// Retrieves properties of given objects of one type. An object that is gone or may not be seen comes with all paths in
    /// <see cref="VimObject.Refused"/>, and does not cost the others theirs.
    /// </summary>
    /// <param name="objects">Objects.</param>
    /// <param name="paths">Properties to retrieve.</param>
    /// <param name="cancellation">Stops between pages.</param>
    IEnumerable<VimObject> Retrieve(IReadOnlyList<ManagedObject> objects, IReadOnlyList<string> paths, CancellationToken cancellation);

    /// <summary>What a host can give to a VM of its newest hardware version (<c>VirtualMachineConfigOption</c>); costs a large answer for each host.</summary>
    /// <param name="browser">EnvironmentBrowser of the host's cluster.</param>
    /// <param name="host">Host.</param>
    /// <param name="cancellation">Stops the reading.</param>
    VimData? QueryConfigOption(ManagedObject browser, ManagedObject host, CancellationToken cancellation);

    /// <summary>Reads a host's log through the server, oldest line first, as chunks come in; costs requests for each host.</summary>
    /// <param name="host">Host.</param>
    /// <param name="key">Which log: vmkernel.</param>
    /// <param name="mostLines">Stops after so many of the newest lines; null for all.</param>
    /// <param name="cancellation">Stops between chunks.</param>
    IEnumerable<string> ReadLog(ManagedObject host, string key, int? mostLines, CancellationToken cancellation);

    /// <summary>
    /// Changes advanced settings of a VM (<c>config.extraConfig</c>) in one reconfiguration, and returns when it is done.
    /// The server refuses it when the VM was changed since: <see cref="VimErrors.ConcurrentEdit"/>.
    /// </summary>
    /// <param name="vm">VM.</param>
    /// <param name="changeVersion"><c>config.changeVersion</c> as it was read together with the old values.</param>
    /// <param name="values">New values by key; null removes the key.</param>
    /// <param name="cancellation">Stops the waiting, not the task.</param>
    void SetExtraConfig(ManagedObject vm, string changeVersion, IReadOnlyDictionary<string, string?> values, CancellationToken cancellation);

    /// <summary>Asks the guest to shut down and returns at once; whoever asks watches <c>runtime.powerState</c>.</summary>
    /// <param name="vm">VM.</param>
    /// <exception cref="PassthruException"><see cref="VimErrors.ToolsUnavailable"/> and others.</exception>
    void ShutDownGuest(ManagedObject vm);

    /// <summary>Powers a VM off, as pulling the plug would, and waits for the task.</summary>
    /// <param name="vm">VM.</param>
    /// <param name="progress">Percent.</param>
    /// <param name="cancellation">Stops the waiting, not the task.</param>
    void PowerOff(ManagedObject vm, IProgress<int>? progress, CancellationToken cancellation);

    /// <summary>Powers a VM on where it is registered, and waits for the task.</summary>
    /// <param name="vm">VM.</param>
    /// <param name="progress">Percent.</param>
    /// <param name="cancellation">Stops the waiting, not the task.</param>
    void PowerOn(ManagedObject vm, IProgress<int>? progress, CancellationToken cancellation);
}
