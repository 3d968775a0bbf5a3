using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PassthroughTools.Host;

public sealed partial record EsxVersion
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly Regex Form = new(
        @"^\s*(?:VMware[\s,]+)?(?:ESXi?|vSphere|VMkernel)?[\s,-]*v?(?<major>[0-9]{1,2})\.(?<minor>[0-9]{1,2})(?:\.(?<third>[0-9]{1,2})(?:\.[0-9]{1,10}){0,3})?(?![0-9.])(?<rest>[^\r\n]*)$",
        Options, Patience);

    private static readonly Regex UpdateWord = new(@"(?<![a-z])(?:U|Update)[\s:]*(?<update>[0-9]{1,2})(?![0-9])", Options, Patience);

    private static readonly Regex BuildWord = new(@"(?:build[\s:#-]*|[\s,(-])(?<build>[0-9]{5,12})(?![0-9])", Options, Patience);

    /// <summary>
    /// Parses what ESXi, PowerCLI and people write: <c>VMware ESXi 8.0.2 build-22380479</c>, <c>8.0.2</c>, <c>8.0 U2b</c>, <c>6.7.0 Update 3</c>.
    /// From 7.0 on the third number is the update; before, it is always 0 and only the word tells.
    /// </summary>
    /// <param name="text">The words.</param>
    /// <exception cref="PassthruException"><see cref="HostErrors.VersionInvalid"/>.</exception>
    public static EsxVersion Parse(string? text) =>
        TryParse(text, out var version) ? version : throw HostErrors.VersionInvalid.For(text, text is { Length: > 80 } ? text.Substring(0, 80) + "…" : text);

    /// <summary>Parses as <see cref="Parse"/> does.</summary>
    /// <param name="text">The words.</param>
    /// <param name="version">The version, or null.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EsxVersion? version)
    {
        version = null;
        if (text is null || text.Length > 200) return false;
        var match = Form.Match(text);
        if (!match.Success) return false;
        var rest = match.Groups["rest"].Value;
        var word = UpdateWord.Match(rest);
        var build = BuildWord.Match(rest);
        version = Create(
            Number(match.Groups["major"]),
            Number(match.Groups["minor"]),
            match.Groups["third"].Success ? Number(match.Groups["third"]) : null,
            word.Success ? Number(word.Groups["update"]) : null,
            build.Success ? long.Parse(build.Groups["build"].Value, NumberStyles.None, CultureInfo.InvariantCulture) : null);
        return true;
    }

    /// <summary>Puts together what was read.</summary>
    /// <param name="major">Major version.</param>
    /// <param name="minor">Minor version.</param>
    /// <param name="third">Third number, if any.</param>
    /// <param name="update">The update by the word, if any.</param>
    /// <param name="build">Build, if any.</param>
    internal static EsxVersion Create(int major, int minor, int? third, int? update, long? build)
    {
        // 7.0.1 is 7.0 Update 1, but 6.7.0 is every update of 6.7.
        var known = major >= 7 ? third ?? update : third is > 0 ? third : update;
        return new EsxVersion(major, minor, known ?? 0, build) { IsUpdateKnown = known is not null };
    }

    private static int Number(Group group) => int.Parse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture);
}
