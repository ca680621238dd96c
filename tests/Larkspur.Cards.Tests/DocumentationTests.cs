using System.Reflection;
using System.Text.RegularExpressions;
using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

public sealed partial class DocumentationTests
{
    [GeneratedRegex(@"^\| `(card\.[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [Fact]
    public void The_manual_lists_every_rule_and_no_other()
    {
        var manual = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cards.md"));
        var rules = typeof(CardRules).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!);
        Assert.Equal(rules.Order(StringComparer.Ordinal), Row().Matches(manual).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
    }
}
