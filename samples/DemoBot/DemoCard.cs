using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Samples.DemoBot;

/// <summary>The face of a request: always drawn from what is recorded, so that every update tells the same story.</summary>
internal static class DemoCard
{
    public static CardBuilder Draw(DemoState state, string kind)
    {
        var request = state.Request;
        var template = state.Decision is null ? HeaderTemplate.Blue : state.Decision.Approved ? HeaderTemplate.Green : HeaderTemplate.Red;
        var card = new CardBuilder()
            .Header(In(DemoTexts.Title), template)
            .Summary($"{In(DemoTexts.Title)} {request.Id}")
            .Markdown(string.Join('\n',
                Line(DemoTexts.Item, In(DemoTexts.ItemValue)),
                Line(DemoTexts.Amount, In(DemoTexts.AmountValue)),
                Line(DemoTexts.Reason, In(DemoTexts.ReasonValue)),
                Line(DemoTexts.Applicant, Person(request.Requester, request.RequesterName)),
                Line(DemoTexts.Number, request.Id)));
        if (state.Finance is { } finance) card.Markdown(In(DemoTexts.Asked(Person(finance), Time(finance))));
        card.Divider();
        if (state.Decision is { } decision)
        {
            var done = DemoTexts.Done(decision.Approved, Person(decision.Mark), Time(decision.Mark));
            return card.Markdown($"**{In(done)}**");
        }

        List<CardElement> buttons =
        [
            Choice("approve", DemoTexts.Approve, ButtonType.Primary),
            Choice("reject", DemoTexts.Reject, ButtonType.Danger),
        ];
        if (state.Finance is null) buttons.Add(Choice("finance", DemoTexts.Finance, ButtonType.Default));
        return card.Row(buttons);

        string In(LocalText text) => text.In(request.Locale);
        string Line(LocalText label, string value) => $"**{In(label)}**  {value}";
        Button Choice(string choice, LocalText label, ButtonType type) => new(In(label))
        {
            Type = type,
            Behaviors =
            [
                Behavior.Callback(new Dictionary<string, string> { ["kind"] = kind, ["request"] = request.Id, ["choice"] = choice }),
            ],
        };
    }

    /// <summary>Each reader sees it by their own clock.</summary>
    private static string Time(DemoMark mark) => CardMarkdown.LocalDateTime(mark.At, "time");

    private static string Person(DemoMark mark) => Person(mark.PersonId, mark.Name);

    /// <summary>Without a name a mention: Feishu shows it by name to those who may see it.</summary>
    private static string Person(string id, string? name) => string.IsNullOrEmpty(name) ? CardMarkdown.At(id) : CardMarkdown.Escape(name);
}
