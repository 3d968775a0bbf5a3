using System.Management.Automation;
using PassthroughTools.Host;

namespace PassthroughTools.Commands;

/// <summary>
/// <para type="synopsis">Turns the output of esxcli system settings kernel list into records.</para>
/// <para type="description">
/// Reads the whole list, or a single setting (<c>-o maxIntrCookies</c>). RebootPending tells that a configured value is not in effect yet.
/// Where columns have lost their places, values are taken by type and order with a warning, or left out.
/// </para>
/// </summary>
[Cmdlet(VerbsData.ConvertFrom, "EsxcliKernelSetting", DefaultParameterSetName = InputObjectSet)]
[OutputType(typeof(KernelSetting))]
public sealed class ConvertFromEsxcliKernelSettingCommand : TextInputCmdlet
{
    /// <summary>
    /// <para type="description">Settings to write; wildcards are allowed. All, when it is not given.</para>
    /// </summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "*";

    /// <inheritdoc/>
    protected override void Convert(IReadOnlyList<string> lines, string? source)
    {
        var pattern = WildcardPattern.Get(Name, WildcardOptions.IgnoreCase);
        foreach (var setting in EsxcliKernelSettingReader.Read(lines, source))
        {
            StopToken.ThrowIfCancellationRequested();
            if (!pattern.IsMatch(setting.Name)) continue;
            foreach (var warning in setting.Warnings) WriteWarning($"{source ?? "Input"}, {setting.Name}: {warning}");
            WriteObject(setting);
        }
    }
}
