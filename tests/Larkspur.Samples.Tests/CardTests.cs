using System.Reflection;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Samples.Tests;

/// <summary>Each card that a sample draws is judged good by the SDK, and taken by the platform.</summary>
public sealed class CardTests
{
    /// <summary>Functions of samples that draw a card, with texts for what they are given.</summary>
    public static TheoryData<string, string> Cards =>
        [.. Tour.Names.SelectMany(name => Functions(name).Select(function => (name, function.Name)))];

    [Theory]
    [MemberData(nameof(Cards))]
    public async Task A_card_of_a_sample_is_good_and_can_be_sent(string sample, string function)
    {
        var draw = Functions(sample).Single(f => f.Name == function);
        var card = (CardBuilder)draw.Invoke(null, [.. draw.GetParameters().Select(_ => (object)"Noodles")])!;
        using var drawn = JsonDocument.Parse(card.ToJson());
        Good(drawn.RootElement, sample + " " + function);

        await using var emulator = await EmulatorApp.StartAsync();
        var feishu = new FeishuClient(new FeishuOptions { AppId = EmulatorApp.AppId, AppSecret = EmulatorApp.DefaultApp.AppSecret,
            BaseUrl = emulator.BaseUrl });
        await feishu.Messages.SendAsync(Recipient.UserId("alice"), MessageContent.Card(card),
            cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Cards_are_found() => Assert.True(Cards.Count >= 5, $"{Cards.Count} functions of samples draw cards.");

    /// <summary>Cards that a sample draws in passing are on the platform when it has run.</summary>
    internal static async Task ShownAreGoodAsync(EmulatorApp emulator)
    {
        var cards = (await emulator.StateAsync())["cards"]!.AsArray();
        Assert.NotEmpty(cards);
        foreach (var card in cards)
        {
            using var shown = JsonDocument.Parse(card!["card"]!.ToJsonString());
            Good(shown.RootElement, shown.RootElement.ToString());
        }
    }

    private static void Good(JsonElement card, string what)
    {
        var report = CardValidator.Validate(card.GetRawText(), new CardValidationOptions { WillBeUpdated = true });
        Assert.True(report.Findings.Count == 0, $"{what}: {string.Join('\n', report.Findings)}");
    }

    private static IEnumerable<MethodInfo> Functions(string sample) =>
        Assembly.Load(sample).GetType("Program")!.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Where(m => m.ReturnType == typeof(CardBuilder) && m.GetParameters().All(p => p.ParameterType == typeof(string)));
}
