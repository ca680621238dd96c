using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Dispatch;

namespace Larkspur.Gateway.Bots;

/// <summary><c>/help</c>: the list of commands.</summary>
internal static class HelpCommand
{
    public static Command Create(Func<IReadOnlyList<Command>> commands) => new("help", ["帮助", "?"], (request, _) =>
    {
        var language = request.Language;
        var lines = commands().Select(c => $"**/{c.Name}**  {language.Get("command." + c.Name)}");
        var card = new CardBuilder()
            .Header(language.Get("help.title"), HeaderTemplate.Blue)
            .Summary(language.Get("help.summary"))
            .Markdown(string.Join('\n', lines))
            .Note(language.Get("help.footer"));
        return ValueTask.FromResult(Reaction.Send(request.Answer(card)));
    });
}

/// <summary><c>/whoami</c>: the person as the app sees them; the first thing to look at when permissions are wrong.</summary>
internal static class WhoAmICommand
{
    public static Command Create(FeishuPeople people) => new("whoami", ["我是谁"], async (request, cancellation) =>
    {
        var language = request.Language;
        var openId = request.Sender.SenderId!.OpenId!;
        var person = await people.FindAsync(request.App.Name, openId, cancellation);
        var names = string.Join(" / ", new[] { person?.Name, person?.EnName }.Where(n => !string.IsNullOrEmpty(n)).Distinct());
        string[] lines =
        [
            Line("whoami.name", names.Length > 0 ? CardMarkdown.Escape(names) : language.Get("whoami.hidden")),
            Line("whoami.open_id", openId),
            Line("whoami.user_id", request.Sender.SenderId.UserId ?? person?.UserId),
            Line("whoami.union_id", request.Sender.SenderId.UnionId ?? person?.UnionId),
            Line("whoami.chat_id", request.Message.ChatId),
            Line("whoami.app", $"{request.App.Name} ({request.App.Client.Options.AppId})"),
        ];
        var title = language.Get("whoami.title");
        return Reaction.Send(request.Answer(new CardBuilder().Header(title, HeaderTemplate.Blue).Summary(title).Markdown(string.Join('\n', lines.Where(l => l.Length > 0)))));

        string Line(string key, string? value) => string.IsNullOrEmpty(value) ? "" : $"**{language.Get(key)}**  {value}";
    });
}
