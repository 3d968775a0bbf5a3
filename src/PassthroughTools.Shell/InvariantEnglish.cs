using System.Globalization;

namespace PassthroughTools.Shell;

/// <summary>
/// The culture that passthru runs in, on machines without ICU too, with its language told. The engine breaks lines between words only in languages that it knows to
/// have spaces there, and anywhere in a text of no language.
/// </summary>
internal sealed class InvariantEnglish() : CultureInfo("")
{
    /// <inheritdoc/>
    public override string TwoLetterISOLanguageName => "en";

    /// <summary>Makes it the culture of every thread, the engine's among them.</summary>
    public static void Use()
    {
        var culture = new InvariantEnglish();
        DefaultThreadCurrentCulture = culture;
        DefaultThreadCurrentUICulture = culture;
    }
}
