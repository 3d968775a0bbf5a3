using System.IO;
using System.Management.Automation;
using System.Text;
using PassthroughTools.Evidence.Collector;
using PassthroughTools.IO;

namespace PassthroughTools.Commands;

/// <summary>Prints the script that collects a host's evidence on the host itself; its output is a tar that Get-PassthruEvidence reads.</summary>
[Cmdlet(VerbsCommon.Get, "PassthruCollector", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class GetPassthruCollectorCommand : PassthruCmdlet
{
    /// <summary>File to write the script to, executable; it must not exist.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Destination is null)
        {
            WriteObject(CollectorScript.Text);
            return;
        }

        var path = this.Locate(Destination);
        if (!ShouldProcess(path, "Write the collector script")) return;
        Guard(() =>
        {
            AtomicFile.Create(path, Encoding.ASCII.GetBytes(CollectorScript.Text));
#if NET8_0_OR_GREATER
            const UnixFileMode readAndRun = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            if (!System.OperatingSystem.IsWindows()) File.SetUnixFileMode(path, readAndRun | UnixFileMode.UserWrite);
#endif
            WriteObject(new FileInfo(path));
        }, path);
    }
}
