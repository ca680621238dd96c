using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

public sealed class ImporterTests
{
    [Theory]
    [MemberData(nameof(OldCards))]
    public void A_good_card_of_1_0_becomes_a_good_card_of_2_0(string name)
    {
        var import = CardImporter.ToV2(CardCorpus.Read("good", name));
        var report = CardValidator.Validate(import.Json);
        Assert.True(report.IsValid && report.Form == CardForm.V2, $"{report}\n{import.Json}");
    }

    [Fact]
    public void Actions_fields_notes_and_addresses_find_their_counterparts()
    {
        var import = CardImporter.ToV2("""
            {"config":{"wide_screen_mode":true,"update_multi":false},"elements":[
              {"tag":"div","text":{"tag":"plain_text","content":"x"},"fields":[{"is_short":true,"text":{"tag":"lark_md","content":"a"}},{"is_short":true,"text":{"tag":"lark_md","content":"b"}}]},
              {"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"ok"},"url":"https://example.com","value":{"k":1}},{"tag":"button","text":{"tag":"plain_text","content":"no"},"value":{"k":2}}]},
              {"tag":"note","elements":[{"tag":"plain_text","content":"n"}]}]}
            """);
        var card = JsonNode.Parse(import.Json)!;
        var elements = card["body"]!["elements"]!.AsArray();
        Assert.Equal("fill", (string?)card["config"]!["width_mode"]);
        Assert.Equal(["div", "column_set", "column_set", "div"], elements.Select(e => (string)e!["tag"]!));
        var behaviors = elements[2]!["columns"]![0]!["elements"]![0]!["behaviors"]!.AsArray();
        Assert.Equal(["open_url", "callback"], behaviors.Select(b => (string)b!["type"]!));
        Assert.Equal("notation", (string?)elements[3]!["text"]!["text_size"]);
        Assert.Contains(import.Notes, n => n.Pointer == "/config/update_multi");
    }

    [Fact]
    public void Translated_bodies_become_the_chosen_one()
    {
        var import = CardImporter.ToV2("""{"i18n_elements":{"zh_cn":[{"tag":"markdown","content":"你好"}],"en_us":[{"tag":"markdown","content":"Hello"}]}}""", "en_us");
        Assert.Equal("Hello", CardText.Of(import.Json));
        Assert.Contains(import.Notes, n => n.Pointer == "/i18n_elements");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("""{"type":"template","data":{"template_id":"AAq"}}""")]
    public void What_is_no_old_card_is_refused(string card) => Assert.Throws<ArgumentException>(() => CardImporter.ToV2(card));

    public static TheoryData<string> OldCards() => [.. CardCorpus.Names("good").Where(n => n.StartsWith("v1-", StringComparison.Ordinal))];
}
