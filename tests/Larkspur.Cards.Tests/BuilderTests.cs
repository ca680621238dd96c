using System.Text.Json;
using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

public sealed class BuilderTests
{
    [Fact]
    public void An_approval_card_has_the_platforms_form()
    {
        var json = new CardBuilder()
            .Header("采购审批", HeaderTemplate.Orange)
            .Summary(new I18nText("采购审批").In("en_us", "Purchase"))
            .Markdown("**金额** ¥1,200")
            .Row(new Button("同意") { Type = ButtonType.PrimaryFilled, Behaviors = [Behavior.Callback(new { action = "approve" })] })
            .ToJson();
        using var card = JsonDocument.Parse(json);
        Assert.Equal("2.0", card.RootElement.GetProperty("schema").GetString());
        Assert.Equal("Purchase", card.RootElement.GetProperty("config").GetProperty("summary").GetProperty("i18n_content").GetProperty("en_us").GetString());
        var button = card.RootElement.GetProperty("body").GetProperty("elements")[1].GetProperty("columns")[0].GetProperty("elements")[0];
        Assert.Equal(("primary_filled", "approve"), (button.GetProperty("type").GetString(), button.GetProperty("behaviors")[0].GetProperty("value").GetProperty("action").GetString()));
        Assert.Contains("采购审批", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_use_is_told_with_what_to_do()
    {
        AssertWrong("directly into the card", () => new CardBuilder().Columns(c => c.Column(x => x.Add(new Table([new("a")], [])))).ToJson());
        AssertWrong("no button that submits", () => new CardBuilder().Form("f", f => f.Add(new Input { Name = "a" })).ToJson());
        AssertWrong("named \"a\"", () => new CardBuilder().Form("f", f => f.Add(new Input { Name = "a" }).Add(new Input { Name = "a" }).Submit("x")).ToJson());
        AssertWrong("has no name", () => new CardBuilder().Form("f", f => f.Add(new Input()).Submit("x")).ToJson());
        AssertWrong("put it into a Form", () => new CardBuilder().Add(new MultiSelectPerson { Name = "a" }).ToJson());
        AssertWrong("is in none", () => new CardBuilder().Add(new Button("x") { Name = "a", FormAction = FormAction.Submit }).ToJson());
        AssertWrong("element_id", () => new CardBuilder().Markdown("x", "1a"));
        AssertWrong("element_id \"a\"", () => new CardBuilder().Markdown("x", "a").Markdown("y", "a").ToJson());
        AssertWrong("use https", () => Behavior.OpenUrl("javascript:alert(1)"));
        AssertWrong("wrap it", () => Behavior.Callback(5));
        AssertWrong("upload", () => new CardBuilder().Image("https://example.com/a.png", "x").ToJson());
        AssertWrong("shorten it", () => new CardBuilder().LinkButton(new string('x', 101), "https://example.com").ToJson());
        AssertWrong("bytes", () => new CardBuilder().Markdown(new string('x', 31_000)).ToJson());
        AssertWrong("platform takes 200", () => new CardBuilder().AddRange(Enumerable.Repeat(new Divider(), 201)).ToJson());
        AssertWrong("no such column", () => new CardBuilder().Table([new("a")], [new() { ["b"] = "x" }]).ToJson());
        AssertWrong("cannot hold", () => new CardBuilder().Table([new("a", ColumnDataType.Number)], [new() { ["a"] = "x" }]).ToJson());
        AssertWrong("3 tags", () => new CardBuilder().Header("x", tags: [new("a"), new("b"), new("c"), new("d")]));
        AssertWrong("no language", () => new I18nText("x").In("en", "x"));
    }

    [Fact]
    public void References_to_templates_and_entities_are_valid_content()
    {
        var template = new CardTemplateReference("AAqExample", "1.0.0") { Variables = new Dictionary<string, object?> { ["title"] = "采购", ["rows"] = new[] { new { a = 1 } } } };
        Assert.Equal((true, CardForm.Template), (CardValidator.Validate(template.ToJson()).IsValid, CardValidator.Validate(template.ToJson()).Form));
        Assert.Equal("""{"type":"card","data":{"card_id":"735"}}""", new CardEntityReference("735").ToJson());
    }

    [Fact]
    public void Escaped_text_looks_as_typed_and_does_nothing()
    {
        const string Typed = "**x** [a](javascript:alert(1)) <at id=all></at> `c` 1. x\n# h & <b>";
        var card = new CardBuilder().Markdown(CardMarkdown.Escape(Typed)).ToJson();
        Assert.Equal("no findings", CardValidator.Validate(card).ToString());
        Assert.Equal(Typed, CardText.Of(card));
        Assert.DoesNotContain("<at", card, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1. x")]
    [InlineData("1.\tx")]
    [InlineData("1.")]
    [InlineData("23.\nx")]
    public void Escaped_text_begins_no_list_whatever_follows_it(string typed) => Assert.DoesNotContain('.', CardMarkdown.Escape(typed));

    [Fact]
    public void Points_within_words_and_numbers_need_no_escape() => Assert.Equal("v1.2 costs 3.5 a.b", CardMarkdown.Escape("v1.2 costs 3.5 a.b"));

    private static void AssertWrong(string words, Action act) => Assert.Contains(words, Assert.Throws<ArgumentException>(act).Message, StringComparison.OrdinalIgnoreCase);
}
