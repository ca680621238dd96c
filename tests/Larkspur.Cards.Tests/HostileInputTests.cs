using Larkspur.Feishu.Cards;

namespace Larkspur.Cards.Tests;

/// <summary>Whatever comes in, there is a report, soon.</summary>
public sealed class HostileInputTests
{
    [Fact]
    public void Ten_megabytes_are_refused_unread()
    {
        var report = CardValidator.Validate(new string('[', 10_000_000));
        var finding = Assert.Single(report.Findings);
        Assert.Equal((CardRules.Size, CardForm.Unknown), (finding.Rule, report.Form));
        Assert.Equal("", CardText.Of(new string('[', 10_000_000)));
    }

    [Fact]
    public void Depth_is_bounded()
    {
        var report = CardValidator.Validate(string.Concat(Enumerable.Repeat("{\"a\":", 2000)));
        Assert.Equal(CardRules.TooDeep, Assert.Single(report.Findings).Rule);
    }

    [Fact]
    public void Findings_are_bounded()
    {
        var card = "{\"schema\":\"2.0\",\"body\":{\"elements\":[" + string.Join(',', Enumerable.Repeat("1", 5000)) + "]}}";
        var report = CardValidator.Validate(card, new CardValidationOptions { MaxFindings = 7 });
        Assert.Equal(7, report.Findings.Count);
        Assert.False(report.IsComplete);
    }

    [Theory]
    [InlineData("{\"schema\":\"2.0\",\"body\":{\"elements\":[{\"tag\":\"markdown\",\"content\":\"\\ud83d\"}]}}")]
    [InlineData("{\"\\udc00\":1}")]
    public void Half_a_surrogate_pair_is_a_finding(string card)
    {
        Assert.Equal(CardRules.Json, Assert.Single(CardValidator.Validate(card).Findings).Rule);
        Assert.Equal("", CardText.Of(card));
    }

    [Fact]
    public void The_text_of_a_card_takes_memory_in_proportion_to_the_card()
    {
        // One long cell that a thousand columns of one name show.
        var column = "{\"name\":\"a\"}";
        var table = $$"""{"tag":"table","columns":[{{string.Join(',', Enumerable.Repeat(column, 1000))}}],"rows":[{"a":"{{new string('*', 100_000)}}x"} ]}""";
        var card = $$"""{"schema":"2.0","body":{"elements":[{{table}}] } }""";
        CardText.Of("""{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"*x*"}]}}"""); // whatever is made once is made

        var before = GC.GetAllocatedBytesForCurrentThread();
        var text = CardText.Of(card);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(text.Length, 1, CardText.MaxLength);
        Assert.True(taken < 40L * card.Length, $"{taken:N0} bytes for a card of {card.Length:N0}");
    }

    [Fact]
    public void A_table_shows_each_column_once()
    {
        var card = """{"schema":"2.0","body":{"elements":[{"tag":"table","columns":[{"name":"a","display_name":"A"},{"name":"b"},{"name":"a"}],"rows":[{"a":1,"b":2}]}]}}""";
        Assert.Equal("A | b\n1 | 2", CardText.Of(card));
    }

    [Fact]
    public void Nothing_that_is_broken_makes_an_exception()
    {
        var random = new Random(20261121);
        var cards = CardCorpus.Names("good").Select(name => CardCorpus.Read("good", name)).Where(card => card.Length < 4000).ToArray();
        for (var i = 0; i < 4000; i++)
        {
            var card = Mutated(cards[random.Next(cards.Length)], random);
            Assert.NotNull(CardValidator.Validate(card));
            Assert.NotNull(CardText.Of(card, random.Next(2) == 0 ? "en_us" : "zh_cn"));
            try
            {
                CardImporter.ToV2(card);
            }
            catch (ArgumentException)
            {
                // The one exception that it has, for what is no card of JSON 1.0.
            }
        }
    }

    private static string Mutated(string card, Random random)
    {
        var text = card.ToCharArray().ToList();
        string[] pieces = ["null", "[]", "{}", "1e999", "\"\"", "true", "\\u0000", "\"tag\":\"form\",", "\ud800", "9999999999999999999", "-1"];
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(text.Count);
            switch (random.Next(4))
            {
                case 0:
                    text.RemoveRange(at, Math.Min(random.Next(1, 12), text.Count - at));
                    break;
                case 1:
                    text.InsertRange(at, pieces[random.Next(pieces.Length)]);
                    break;
                case 2:
                    text[at] = (char)random.Next(32, 127);
                    break;
                default:
                    SwapValue(text, pieces[random.Next(pieces.Length)], random);
                    break;
            }

            if (text.Count == 0) break;
        }

        return new string([.. text]);
    }

    /// <summary>Puts another value behind a colon, so that the JSON stays whole and its types do not.</summary>
    private static void SwapValue(List<char> text, string piece, Random random)
    {
        var colons = text.Select((c, i) => (c, i)).Where(x => x.c == ':').Select(x => x.i).ToArray();
        if (colons.Length == 0) return;
        var at = colons[random.Next(colons.Length)] + 1;
        var end = text.FindIndex(at, c => c is ',' or '}' or '\n');
        if (end < 0) return;
        text.RemoveRange(at, end - at);
        text.InsertRange(at, piece);
    }
}
