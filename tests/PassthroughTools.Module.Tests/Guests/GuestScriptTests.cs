using System.Management.Automation.Language;

namespace PassthroughTools.Tests;

/// <summary>The Windows guest script is for Windows PowerShell 2.0, which can't run here: what came later must not be in it.</summary>
public sealed class GuestScriptTests
{
    private static readonly string Script = File.ReadAllText(Path.Combine(Repository.Root, "src", "PassthroughTools.Core", "Guests", "Scripts", "WindowsGuest.ps1"));
    private static readonly ScriptBlockAst Tree = Parser.ParseInput(Script, out _, out var errors) is { } tree && errors.Length == 0 ? tree : throw new InvalidOperationException("The script can't be parsed.");

    [Fact]
    public void It_calls_only_commands_that_version_2_and_a_bare_engine_have()
    {
        string[] known = ["Get-Command", "ForEach-Object", "Where-Object", "Set-StrictMode", "shutdown.exe", "pnputil.exe"];
        var own = Tree.FindAll(node => node is FunctionDefinitionAst, true).Cast<FunctionDefinitionAst>().Select(function => function.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var called = Tree.FindAll(node => node is CommandAst, true).Cast<CommandAst>().Select(command => command.GetCommandName()).OfType<string>().Distinct();
        Assert.DoesNotContain(called, name => !own.Contains(name) && !known.Contains(name));
    }

    [Fact]
    public void It_has_no_syntax_that_came_after_version_2()
    {
        var late = Tree.FindAll(node =>
            node is TypeDefinitionAst or UsingStatementAst or TernaryExpressionAst or PipelineChainAst
            || (node is BinaryExpressionAst { Operator: TokenKind.In or TokenKind.Iin or TokenKind.Inotin or TokenKind.Cin or TokenKind.Cnotin or TokenKind.Shl or TokenKind.Shr or TokenKind.QuestionQuestion })
            || (node is ConvertExpressionAst convert && convert.Type.TypeName.Name.ToLowerInvariant() is "ordered" or "pscustomobject")
            || (node is InvokeMemberExpressionAst { Member: StringConstantExpressionAst { Value: var method } } && method.ToLowerInvariant() is "new" or "foreach" or "where")
            || (node is MemberExpressionAst { NullConditional: true })
            || (node is VariableExpressionAst { VariablePath.UserPath: "PSItem" })
            || (node is VariableExpressionAst { VariablePath.UserPath: var used } && used.StartsWith("using:", StringComparison.OrdinalIgnoreCase)),
            true);
        Assert.Empty(late.Select(node => node.Extent.Text));
    }

    [Fact]
    public void Where_Object_is_given_a_block_never_a_property() =>
        Assert.All(
            Tree.FindAll(node => node is CommandAst command && command.GetCommandName() is "Where-Object" or "ForEach-Object", true).Cast<CommandAst>(),
            command => Assert.IsType<ScriptBlockExpressionAst>(Assert.Single(command.CommandElements.Skip(1))));

    [Fact]
    public void It_is_ASCII_so_that_no_code_page_changes_it() => Assert.All(Script, character => Assert.InRange(character, '\n', '~'));

}
