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

    /// <summary>All of them are in version 2.0; <c>-in</c>, <c>-shl</c>, <c>??</c> and the like are not.</summary>
    [Fact]
    public void It_uses_only_operators_of_version_2()
    {
        TokenKind[] known =
        [
            TokenKind.And, TokenKind.Or, TokenKind.Not, TokenKind.Plus, TokenKind.Minus, TokenKind.PostfixPlusPlus, TokenKind.PostfixMinusMinus, TokenKind.DotDot, TokenKind.Format,
            TokenKind.Join, TokenKind.Is, TokenKind.IsNot, TokenKind.Cne, TokenKind.Icontains, TokenKind.Inotcontains, TokenKind.Ieq, TokenKind.Ine, TokenKind.Ige, TokenKind.Ilt,
            TokenKind.Ilike, TokenKind.Inotlike, TokenKind.Imatch, TokenKind.Inotmatch, TokenKind.Ireplace,
        ];
        var used = Nodes<BinaryExpressionAst>().Select(node => node.Operator).Concat(Nodes<UnaryExpressionAst>().Select(node => node.TokenKind));
        Assert.Empty(used.Distinct().Except(known));
    }

    /// <summary>Classes, ternaries, pipeline chains, data sections, workflows and the like are none of them.</summary>
    [Fact]
    public void It_is_made_of_statements_of_version_2_alone()
    {
        string[] known =
        [
            "ArrayExpression", "ArrayLiteral", "AssignmentStatement", "BinaryExpression", "CatchClause", "Command", "CommandExpression", "CommandParameter", "ConstantExpression", "ContinueStatement",
            "ConvertExpression", "ExpandableStringExpression", "ForEachStatement", "ForStatement", "FunctionDefinition", "Hashtable", "IfStatement", "IndexExpression", "InvokeMemberExpression",
            "MemberExpression", "NamedBlock", "ParamBlock", "Parameter", "ParenExpression", "Pipeline", "ReturnStatement", "ScriptBlock", "ScriptBlockExpression", "StatementBlock",
            "StringConstantExpression", "SubExpression", "SwitchStatement", "ThrowStatement", "TryStatement", "TypeConstraint", "TypeExpression", "UnaryExpression", "VariableExpression", "WhileStatement",
        ];
        Assert.Empty(Nodes<Ast>().Select(node => node.GetType().Name[..^"Ast".Length]).Distinct().Except(known));
        Assert.DoesNotContain(Nodes<MemberExpressionAst>(), node => node.NullConditional);
        Assert.DoesNotContain(Nodes<VariableExpressionAst>(), node => node.VariablePath.UserPath.Equals("PSItem", StringComparison.OrdinalIgnoreCase) || node.VariablePath.UserPath.StartsWith("using:", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Types and static members of .NET Framework 2.0 to 3.5; no <c>[pscustomobject]</c>, no <c>[ordered]</c>, no <c>::new</c>.</summary>
    [Fact]
    public void It_uses_only_types_and_members_of_the_framework_that_version_2_runs_on()
    {
        string[] types =
        [
            "BitConverter", "Convert", "Environment", "IntPtr", "Management.ManagementDateTimeConverter", "Math", "Microsoft.Win32.Registry", "Microsoft.Win32.RegistryKey", "Reflection.BindingFlags", "Security.Cryptography.SHA1",
            "Text.Encoding", "byte[]", "char", "int", "int[]", "long", "object[]", "regex", "string", "string[]", "void",
        ];
        string[] statics =
        [
            "BitConverter::GetBytes", "BitConverter::ToInt32", "BitConverter::ToInt64", "BitConverter::ToString", "Convert::FromBase64String", "Convert::ToBase64String", "Environment::MachineName", "IntPtr::Zero",
            "Management.ManagementDateTimeConverter::ToDateTime", "Math::Min", "Microsoft.Win32.Registry::LocalMachine", "Security.Cryptography.SHA1::Create", "Text.Encoding::UTF8", "Text.Encoding::Unicode", "regex::Replace",
        ];
        string[] methods =
        [
            "ComputeHash", "ContainsKey", "CreateSubKey", "DeleteSubKey", "DeleteValue", "Flush", "GetBytes", "GetField", "GetMethod", "GetString", "GetSubKeyNames", "GetType", "GetValue", "GetValueKind",
            "GetValueNames", "Invoke", "LastIndexOf", "OpenSubKey", "Remove", "Replace", "SetValue", "Split", "StartsWith", "Substring", "ToFileTimeUtc", "ToUpperInvariant", "TrimEnd",
        ];
        var named = Nodes<TypeExpressionAst>().Select(node => node.TypeName.FullName).Concat(Nodes<TypeConstraintAst>().Select(node => node.TypeName.FullName));
        Assert.Empty(named.Distinct(StringComparer.OrdinalIgnoreCase).Except(types, StringComparer.OrdinalIgnoreCase));
        var members = Nodes<MemberExpressionAst>().ToList();
        Assert.Empty(members.Where(node => node.Static).Select(node => ((TypeExpressionAst)node.Expression).TypeName.FullName + "::" + node.Member.Extent.Text).Distinct().Except(statics));
        Assert.Empty(members.OfType<InvokeMemberExpressionAst>().Where(node => !node.Static).Select(node => node.Member.Extent.Text).Distinct().Except(methods));
    }

    /// <summary>A property of several objects at once, or a Count of one, came with version 3.</summary>
    [Fact]
    public void What_is_counted_is_a_list_or_a_table_by_its_making()
    {
        string[] known = ["$states", "$list", "$boot", "$system", "$owners"];
        var counted = Nodes<MemberExpressionAst>().Where(node => node.Member.Extent.Text == "Count" && node.Expression is not ArrayExpressionAst).Select(node => node.Expression.Extent.Text);
        Assert.Empty(counted.Distinct().Except(known));
        Assert.All(known, name => Assert.Contains(Nodes<AssignmentStatementAst>(), node => node.Left.Extent.Text == name && (node.Right.Extent.Text.StartsWith("@(", StringComparison.Ordinal) || node.Right.Extent.Text == "@{}")));
    }

    [Fact]
    public void Where_Object_is_given_a_block_never_a_property() =>
        Assert.All(
            Tree.FindAll(node => node is CommandAst command && command.GetCommandName() is "Where-Object" or "ForEach-Object", true).Cast<CommandAst>(),
            command => Assert.IsType<ScriptBlockExpressionAst>(Assert.Single(command.CommandElements.Skip(1))));

    private static IEnumerable<T> Nodes<T>()
        where T : Ast => Tree.FindAll(node => node is T, true).Cast<T>();

    [Fact]
    public void It_is_ASCII_so_that_no_code_page_changes_it() => Assert.All(Script, character => Assert.InRange(character, '\n', '~'));
}
