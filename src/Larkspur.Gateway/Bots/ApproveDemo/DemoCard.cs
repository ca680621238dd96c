namespace Larkspur.Gateway.Bots.ApproveDemo;

/// <summary>The face of a request: always drawn from what is recorded, so that every update tells the same story.</summary>
internal static class DemoCard
{
    /// <summary>Marks our buttons' values among those of other cards.</summary>
    public const string Kind = "approve-demo";

    public static string Draw(DemoRequest request)
    {
        var language = request.Language;
        var template = request.Decision switch { { Approved: true } => "green", { Approved: false } => "red", null => "blue" };
        var card = new Card(language.Get("demo.title"), template, language.Get("demo.summary", request.Id)).Markdown(string.Join('\n',
            Line("demo.item", language.Get("demo.item.value")),
            Line("demo.amount", language.Get("demo.amount.value")),
            Line("demo.reason", language.Get("demo.reason.value")),
            Line("demo.applicant", Person(request.Requester, request.RequesterName)),
            Line("demo.number", request.Id)));
        if (request.Finance is { } finance) card.Markdown(language.Get("demo.finance.asked", Person(finance.PersonId, finance.Name), finance.Clock));
        card.Line();
        if (request.Decision is { } decision)
        {
            var text = language.Get(decision.Approved ? "demo.approved" : "demo.rejected", Person(decision.Mark.PersonId, decision.Mark.Name), decision.Mark.Clock);
            return card.Markdown($"**{text}**").ToString();
        }

        List<CardButton> buttons = [Button("approve", "primary"), Button("reject", "danger")];
        if (request.Finance is null) buttons.Add(Button("finance", "default"));
        return card.Buttons(buttons).ToString();

        string Line(string key, string value) => $"**{language.Get(key)}**  {value}";
        CardButton Button(string choice, string type) =>
            new(language.Get("demo." + choice), type, [("kind", Kind), ("request", request.Id), ("choice", choice)]);
    }

    /// <summary>Without a name a mention: Feishu shows it by name to those who may see it.</summary>
    private static string Person(string openId, string? name) => string.IsNullOrEmpty(name) ? $"<at id={openId}></at>" : Card.Escape(name);
}
