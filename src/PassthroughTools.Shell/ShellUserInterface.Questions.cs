using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace PassthroughTools.Shell;

/// <content>Questions: asked on a terminal only. Their text goes to standard error, their answer comes from standard input.</content>
internal sealed partial class ShellUserInterface
{
    /// <inheritdoc/>
    public override string ReadLine()
    {
        Require("Read-Host");
        return Console.In.ReadLine() ?? throw ShellErrors.NoAnswer();
    }

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString()
    {
        Require("Read-Host -AsSecureString");
        return ReadSecret();
    }

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        Require(descriptions.Count == 0 ? message : string.Join(", ", descriptions.Select(field => field.Name)));
        Introduce(caption, message);
        return descriptions.ToDictionary(field => field.Name, Ask, StringComparer.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Require(string.IsNullOrEmpty(message) ? caption : message);
        Introduce(caption, message);
        var labels = choices.Select(choice => new ChoiceLabel(choice.Label)).ToList();
        while (true)
        {
            Console.Error.Write(string.Join("  ", labels.Select(label => $"[{label.Key}] {label.Text}")) + "  [?] Help");
            Console.Error.Write(defaultChoice >= 0 ? $" (default is \"{labels[defaultChoice].Key}\"): " : ": ");
            var answer = (Console.In.ReadLine() ?? throw ShellErrors.NoAnswer()).Trim();
            if (answer.Length == 0 && defaultChoice >= 0) return defaultChoice;
            var index = labels.FindIndex(label => label.Matches(answer));
            if (index >= 0) return index;
            if (answer != "?") continue;
            for (var i = 0; i < labels.Count; i++) Console.Error.WriteLine($"{labels[i].Key} - {choices[i].HelpMessage}");
        }
    }

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2000", Justification = "The credential owns the password.")]
    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        Require(string.IsNullOrEmpty(message) ? "Credential" : message);
        Introduce(caption, message);
        while (string.IsNullOrWhiteSpace(userName))
        {
            Console.Error.Write("User: ");
            userName = Console.In.ReadLine() ?? throw ShellErrors.NoAnswer();
        }

        Console.Error.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadSecret());
    }

    private static PSObject Ask(FieldDescription field)
    {
        var type = LanguagePrimitives.TryConvertTo<Type>(field.ParameterAssemblyFullName, out var known) ? known
            : LanguagePrimitives.TryConvertTo<Type>(field.ParameterTypeFullName, out known) ? known : typeof(string);
        if (type == typeof(SecureString))
        {
            Console.Error.Write(field.Name + ": ");
            return new PSObject(ReadSecret());
        }

        if (type.IsArray)
        {
            var items = new List<string>();
            while (true)
            {
                Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{items.Count}]: "));
                var item = Console.In.ReadLine() ?? throw ShellErrors.NoAnswer();
                if (item.Length == 0) return new PSObject(LanguagePrimitives.ConvertTo(items.ToArray(), type, CultureInfo.InvariantCulture));
                items.Add(item);
            }
        }

        while (true)
        {
            Console.Error.Write(field.Name + ": ");
            var text = Console.In.ReadLine() ?? throw ShellErrors.NoAnswer();
            if (LanguagePrimitives.TryConvertTo(text, type, CultureInfo.InvariantCulture, out var value)) return new PSObject(value);
            Console.Error.WriteLine($"'{text}' is not a {type.Name}.");
        }
    }

    private static void Introduce(string caption, string message)
    {
        if (!string.IsNullOrEmpty(caption)) Console.Error.WriteLine(caption);
        if (!string.IsNullOrEmpty(message)) Console.Error.WriteLine(message);
    }

    private static SecureString ReadSecret()
    {
        var secret = new SecureString();
        while (true)
        {
            var key = Console.ReadKey(true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    secret.MakeReadOnly();
                    return secret;
                case ConsoleKey.Backspace:
                    if (secret.Length > 0) secret.RemoveAt(secret.Length - 1);
                    break;
                default:
                    if (key.KeyChar != '\0') secret.AppendChar(key.KeyChar);
                    break;
            }
        }
    }

    private void Require(string question)
    {
        _progress.Erase();
        if (!interactive) throw ShellErrors.CannotAsk(question);
    }

    /// <summary>A choice as it is shown: <c>&amp;Yes</c> is <c>Yes</c>, reached by <c>Y</c>.</summary>
    private sealed class ChoiceLabel
    {
        public ChoiceLabel(string label)
        {
            var mark = label.IndexOf('&', StringComparison.Ordinal);
            Text = new StringBuilder(label).Replace("&", "").ToString();
            Key = mark >= 0 && mark + 1 < label.Length ? label[mark + 1].ToString().ToUpperInvariant() : Text;
        }

        public string Text { get; }

        public string Key { get; }

        public bool Matches(string answer) =>
            answer.Equals(Key, StringComparison.OrdinalIgnoreCase) || answer.Equals(Text, StringComparison.OrdinalIgnoreCase);
    }
}
