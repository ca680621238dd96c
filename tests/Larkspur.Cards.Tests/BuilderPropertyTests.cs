using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

/// <summary>What the builder makes, the validator passes, whatever was put together.</summary>
public sealed class BuilderPropertyTests
{
    [Fact]
    public void Whatever_is_built_is_valid()
    {
        var sizes = new HashSet<int>();
        for (var seed = 0; seed < 600; seed++)
        {
            var card = new RandomCard(seed).Build().ToJson();
            var report = CardValidator.Validate(card);
            Assert.True(report.IsValid, $"seed {seed}: {report}\n{card}");
            Assert.Equal(CardForm.V2, report.Form);
            sizes.Add(report.Elements);
        }

        Assert.True(sizes.Count > 20, "the cards are too much alike");
    }

    [Fact]
    public void A_card_written_twice_is_the_same_text()
    {
        var builder = new RandomCard(7).Build();
        Assert.Equal(builder.ToJson(), builder.ToJson());
    }
}
