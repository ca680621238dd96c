using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Bots.ApproveDemo;

/// <summary>The face of a request: always drawn from what is recorded, so that every update tells the same story.</summary>
internal static class DemoCard
{
    /// <summary>Marks our buttons' values among those of other cards.</summary>
    public const string Kind = "approve-demo";

    public static string Draw(DemoRequest request)
    {
        var language = request.Language;
        var template = request.Decision switch { { Approved: true } => HeaderTemplate.Green, { Approved: false } => HeaderTemplate.Red, null => HeaderTemplate.Blue };
        var card = new CardBuilder()
            .Header(language.Get("demo.title"), template)
            .Summary(language.Get("demo.summary", request.Id))
            .Markdown(string.Join('\n',
                Line("demo.item", language.Get("demo.item.value")),
                Line("demo.amount", language.Get("demo.amount.value")),
                Line("demo.reason", language.Get("demo.reason.value")),
                Line("demo.applicant", Person(request.Requester, request.RequesterName)),
                Line("demo.number", request.Id)));
        if (request.Finance is { } finance) card.Markdown(language.Get("demo.finance.asked", Person(finance.PersonId, finance.Name), finance.Clock));
        card.Divider();
        if (request.Decision is { } decision)
        {
            var text = language.Get(decision.Approved ? "demo.approved" : "demo.rejected", Person(decision.Mark.PersonId, decision.Mark.Name), decision.Mark.Clock);
            return card.Markdown($"**{text}**").ToJson();
        }

        List<CardElement> buttons = [Choice("approve", ButtonType.Primary), Choice("reject", ButtonType.Danger)];
        if (request.Finance is null) buttons.Add(Choice("finance", ButtonType.Default));
        return card.Row(buttons).ToJson();

        string Line(string key, string value) => $"**{language.Get(key)}**  {value}";
        Button Choice(string choice, ButtonType type) => new(language.Get("demo." + choice))
        {
            Type = type,
            Behaviors = [Behavior.Callback(new Dictionary<string, string> { [CardFace.KindField] = Kind, ["request"] = request.Id, ["choice"] = choice })],
        };
    }

    /// <summary>Without a name a mention: Feishu shows it by name to those who may see it.</summary>
    private static string Person(string openId, string? name) => string.IsNullOrEmpty(name) ? CardMarkdown.At(openId) : CardMarkdown.Escape(name);
}
