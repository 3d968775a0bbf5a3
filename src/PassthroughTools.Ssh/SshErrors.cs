namespace PassthroughTools.Ssh;

/// <summary>Errors of SSH connections and of what is collected over them. {0} is the host as it was named, with its port unless that is 22.</summary>
public static class SshErrors
{
    /// <summary>The host's name or address makes no sense.</summary>
    public static readonly ErrorDefinition AddressInvalid = new(
        "SshAddressInvalid", ErrorKind.InvalidArgument,
        "'{0}' is not the name or the address of a host.",
        "Give a name or an address, with a port if need be: esx01, 192.0.2.7, esx01:2222, [2001:db8::7]:2222.");

    /// <summary>The name is not known.</summary>
    public static readonly ErrorDefinition NameUnknown = new(
        "SshNameUnknown", ErrorKind.ObjectNotFound,
        "{0}: the name can't be resolved.",
        "Check the name, or give the address.");

    /// <summary>No connection came about.</summary>
    public static readonly ErrorDefinition ConnectFailed = new(
        "SshConnectFailed", ErrorKind.ConnectionError,
        "{0}: no connection: {1}",
        "Check the address and the port. On ESXi the SSH service is off by default: start TSM-SSH (Host > Manage > Services), and see that the host's firewall lets this machine in.");

    /// <summary>It took too long.</summary>
    public static readonly ErrorDefinition Timeout = new(
        "SshTimeout", ErrorKind.OperationTimeout,
        "{0}: no end after {2} s, in this phase: {1}.",
        "If the host is merely slow, give a larger -TimeoutSec; else look at the host and at the network.");

    /// <summary>What answers is no SSH server.</summary>
    public static readonly ErrorDefinition NotSsh = new(
        "SshNotSsh", ErrorKind.ConnectionError,
        "{0}: what answers there is not an SSH server: '{1}'",
        "Check the port (-Port); SSH is at 22 on ESXi.");

    /// <summary>The other side broke the protocol, or offers nothing in common.</summary>
    public static readonly ErrorDefinition Protocol = new(
        "SshProtocolError", ErrorKind.ConnectionError,
        "{0}: the SSH protocol failed, in this phase: {1}. {2}",
        "Something between here and the host may change what is sent, or the two sides have no algorithm in common. Try: ssh -v {0}");

    /// <summary>The connection ended too early.</summary>
    public static readonly ErrorDefinition ConnectionLost = new(
        "SshConnectionLost", ErrorKind.ConnectionError,
        "{0}: the connection was lost, in this phase: {1}.",
        "Nothing of this host was kept. Try again; if it happens again, look at the network and at the host's log (/var/log/auth.log).");

    /// <summary>No key of the host is known.</summary>
    public static readonly ErrorDefinition HostKeyUnknown = new(
        "SshHostKeyUnknown", ErrorKind.SecurityError,
        "{0}: its host key is not known ({1} {2}; {3}).",
        "Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_rsa_key.pub, in its console). Then give it with -HostKeyFingerprint, or give -AcceptNewHostKey once, which adds it to the known hosts.");

    /// <summary>Another key is known.</summary>
    public static readonly ErrorDefinition HostKeyChanged = new(
        "SshHostKeyChanged", ErrorKind.SecurityError,
        "{0}: its host key is not the one that is known. It has {1} {2}; known in {3}: {4}.",
        "Either ESXi was installed anew, or its keys were renewed, or someone stands between. Find out which before you trust it: compare the fingerprint in the host's console, then remove the old key: ssh-keygen -R {5}");

    /// <summary>The key was revoked.</summary>
    public static readonly ErrorDefinition HostKeyRevoked = new(
        "SshHostKeyRevoked", ErrorKind.SecurityError,
        "{0}: its host key was revoked ({1} {2}; {3}).",
        "A @revoked line marks a key that must not be trusted any more. Give the host new keys, or take the line out if it is wrong.");

    /// <summary>The pinned fingerprint differs.</summary>
    public static readonly ErrorDefinition HostKeyMismatch = new(
        "SshHostKeyMismatch", ErrorKind.SecurityError,
        "{0}: its host key {1} {2} is none of those that -HostKeyFingerprint names.",
        "Check that the fingerprint belongs to this host and to this type of key; a host has one for each type. If ESXi was installed anew, its keys are new.");

    /// <summary>A fingerprint that is none.</summary>
    public static readonly ErrorDefinition FingerprintInvalid = new(
        "SshFingerprintInvalid", ErrorKind.InvalidArgument,
        "'{0}' is not a SHA-256 fingerprint.",
        "Give it as ssh-keygen -l prints it: SHA256: and 43 characters.");

    /// <summary>The host refused the user.</summary>
    public static readonly ErrorDefinition AuthenticationFailed = new(
        "SshAuthenticationFailed", ErrorKind.PermissionDenied,
        "{0}: '{1}' was refused: {2}",
        "Check user, password and keys. ESXi locks an account for some minutes after five failures, and in lockdown mode it lets in only the users on its exception list.");

    /// <summary>The host asks for more than a password.</summary>
    public static readonly ErrorDefinition PromptUnanswered = new(
        "SshPromptUnanswered", ErrorKind.PermissionDenied,
        "{0}: the login of '{1}' was not finished: the host asks '{2}', which a password does not answer.",
        "If the password has expired, change it first: log in by hand (ssh), at the console or in the Host Client. One-time codes can't be given here; use a key (-KeyFile).");

    /// <summary>There is nothing to log in with.</summary>
    public static readonly ErrorDefinition NoCredential = new(
        "SshCredentialMissing", ErrorKind.InvalidArgument,
        "Neither a password nor a key was given to log in with.",
        "Give -Credential with user and password, or -KeyFile; with -KeyFile alone the user is root.");

    /// <summary>The key's file is no private key.</summary>
    public static readonly ErrorDefinition KeyFileInvalid = new(
        "SshKeyFileInvalid", ErrorKind.InvalidData,
        "'{0}' can't be read as a private key: {1}",
        "Give the private key (not the .pub) in the format of OpenSSH or PEM: ed25519, ECDSA or RSA.");

    /// <summary>The key wants a passphrase, or another one.</summary>
    public static readonly ErrorDefinition KeyPassphrase = new(
        "SshKeyPassphrase", ErrorKind.PermissionDenied,
        "'{0}' is encrypted, and {1}.",
        "Give the right passphrase with -KeyPassphrase, as a secure string.");

    /// <summary>More came than may come.</summary>
    public static readonly ErrorDefinition AnswerTooLarge = new(
        "SshAnswerTooLarge", ErrorKind.LimitsExceeded,
        "{0}: the answer to '{1}' is larger than {2} bytes; the connection was closed.",
        "No host prints that much. Run the command on the host and look at what it prints.");

    /// <summary>What answers is no ESXi.</summary>
    public static readonly ErrorDefinition NotEsx = new(
        "SshNotEsx", ErrorKind.InvalidData,
        "{0}: logged in, but nothing that an ESXi host tells could be read. {1}",
        "Check that the host runs ESXi and that the user has a shell and may run esxcli there.");

    /// <summary>The shell prints something of its own with every command.</summary>
    public static readonly ErrorDefinition NoisyShell = new(
        "SshNoisyShell", ErrorKind.InvalidData,
        "{0}: its shell prints more than the command does ('{1}'), and so would spoil every file.",
        "A script that the shell reads when it starts (/etc/profile.local, .profile) prints that, or a wrapper does. Make it silent where there is no terminal: ssh {0} true must print nothing.");

    /// <summary>The folder to write to is there already.</summary>
    public static readonly ErrorDefinition FolderExists = new(
        "SshFolderExists", ErrorKind.InvalidOperation,
        "{0}: '{1}' exists already and was left as it is.",
        "Name another folder, or remove this one.");
}
