using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

public sealed class CardTextTests
{
    private static readonly string Approval = new CardBuilder()
        .Header(new I18nText("采购审批").In("en_us", "Purchase"), HeaderTemplate.Orange, tags: new TextTag("待审批", TagColor.Orange))
        .Markdown($"**金额** {CardMarkdown.Colored("¥1,200", CardColor.Red)} {CardMarkdown.At("ou_1")} {CardMarkdown.Link("订单", "https://example.com/42")}")
        .Table([new("item", Title: "物品"), new("n", ColumnDataType.Number, "数量")], [new() { ["item"] = "椅子", ["n"] = 12 }])
        .LinkButton("详情", "https://example.com/42?x=1")
        .CallbackButton("同意", "approve").CallbackButton("拒绝", "reject")
        .ToJson();

    [Fact]
    public void The_facts_of_a_card_are_in_its_text() => Assert.Equal(
        "采购审批 [待审批]\n金额 ¥1,200 @ou_1 订单 (https://example.com/42)\n物品 | 数量\n椅子 | 12\n详情: https://example.com/42?x=1\n（请在卡片中操作：同意 / 拒绝）", CardText.Of(Approval));

    [Fact]
    public void Languages_are_chosen()
    {
        var text = CardText.Of(Approval, "en_us");
        Assert.StartsWith("Purchase [", text, StringComparison.Ordinal);
        Assert.EndsWith("(in the card: 同意 / 拒绝)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_of_the_old_version_is_told_too() => Assert.Equal("审批\n部门: 采购\n开: https://example.com\n备注",
        CardText.Of("""{"header":{"title":{"tag":"plain_text","content":"审批"}},"elements":[{"tag":"div","fields":[{"is_short":true,"text":{"tag":"lark_md","content":"**部门**: 采购"}}]},{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"开"},"url":"https://example.com"}]},{"tag":"note","elements":[{"tag":"plain_text","content":"备注"}]}]}"""));

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"elements\":{\"a\":1},\"header\":[],\"body\":5}")]
    public void What_is_no_card_has_no_text(string card) => Assert.Equal("", CardText.Of(card));

    [Fact]
    public void The_text_is_bounded()
    {
        var text = CardText.Of(new string(' ', 10) + "{\"elements\":[{\"tag\":\"markdown\",\"content\":\"" + new string('x', 90_000) + "\"}]}");
        Assert.Equal((CardText.MaxLength, '…'), (text.Length, text[^1]));
    }

    [Theory]
    [MemberData(nameof(CorpusTests.Good), MemberType = typeof(CorpusTests))]
    public void Every_good_card_can_be_told(string name) => Assert.True(CardText.Of(CardCorpus.Read("good", name)).Length <= CardText.MaxLength);
}
