using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Platforms.Feishu.Conversations;

/// <summary>The buttons of an answer as components of a card, and back from a click.</summary>
internal static class AnswerButtons
{
    /// <summary>Marks our buttons' values among those of other cards.</summary>
    public const string Kind = ResponseCards.Kind;

    /// <summary>The member of the value that says what is asked for.</summary>
    public const string ActionField = "action";

    public static List<CardElement> Of(IReadOnlyList<ResponseButton> buttons) => [.. buttons.Select(b => new Button(b.Text)
    {
        Type = b.IsPrimary ? ButtonType.Primary : ButtonType.Default,
        Size = ElementSize.Small,
        Behaviors =
        [
            Behavior.Callback(new Dictionary<string, string> { [CardFace.KindField] = Kind, [ActionField] = b.Action.ToString() }),
        ],
    })];

    /// <summary>Rows of them, card JSON 2.0: offered questions, which are long, stand in one each.</summary>
    public static IReadOnlyList<string> Rows(IReadOnlyList<ResponseButton> buttons)
    {
        var own = buttons.Where(b => b.Action.Offered is null).ToArray();
        return [.. own.Length == 0 ? [] : new[] { Row(own) }, .. buttons.Where(b => b.Action.Offered is not null).Select(b => Row([b]))];
    }

    /// <summary>A row of them, card JSON 2.0.</summary>
    public static string Row(IReadOnlyList<ResponseButton> buttons)
    {
        using var card = System.Text.Json.JsonDocument.Parse(new CardBuilder().Row(Of(buttons)).ToJson());
        return card.RootElement.GetProperty("body").GetProperty("elements")[0].GetRawText();
    }
}
