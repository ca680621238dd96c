using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Commands.InOwnName;

/// <summary><c>/approvals</c>: what waits for the caller's decision, whichever system or definition it came from.</summary>
/// <remarks>Source: approval-v4/task (topic 1: to do). The endpoint is known from the platform's own clients alone; its scope is
/// UNVERIFIED.</remarks>
internal sealed class ApprovalsCommand(PersonCalls calls) : IOwnNameCommand
{
    /// <summary>An approval of another system brings a link of its own: under the bot's button only the platform's are opened.</summary>
    private static readonly string[] Hosts = ["feishu.cn", "larksuite.com", "larkoffice.com"];

    private const string ToDo = "1";
    private const int MostShown = 10;
    private const int LongestTitle = 120;

    public string Name => "approvals";

    public string[] Aliases => ["审批", "待审批"];

    public IReadOnlyList<string> Scopes { get; } = ["approval:task:read"];

    public LocalText Reason => OwnNameTexts.ApprovalsReason;

    public async Task<UnifiedResponse> AnswerAsync(FeishuApp app, UserAuthorization given, Language language,
        CancellationToken cancellation)
    {
        var request = new FeishuRequest(Endpoints.TaskList).WithQuery("topic", ToDo).WithQuery("page_size", "50")
            .WithQuery("locale", language == Language.Chinese ? "zh-CN" : "en-US").WithQuery("user_id_type", "open_id");
        var answer = await calls.CallAsync(app, given, Endpoints.TaskList,
            options => app.Client.SendAsync<JsonElement>(request, options, cancellation), cancellation);
        var isObject = answer.ValueKind == JsonValueKind.Object;
        var tasks = isObject && answer.TryGetProperty("tasks", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().ToArray() : [];
        var more = isObject && answer.TryGetProperty("has_more", out var has) && has.ValueKind == JsonValueKind.True;
        var card = new CardMessage
        {
            Title = OwnNameTexts.ApprovalsTitle(tasks.Length), Status = tasks.Length == 0 ? CardStatus.Success : CardStatus.Warning,
            Text = tasks.Length == 0 ? OwnNameTexts.ApprovalsNone : null,
            Facts = [.. tasks.Take(MostShown).Select(t => new CardFact(LocalText.From(Text(t, "definition_name") ?? "—"),
                LocalText.From(Line(t))) { Wide = true })],
            Actions = [.. tasks.Take(MostShown).Select((t, i) => (Link: LinkOf(t), Number: i)).Where(t => t.Link is not null).Take(3)
                .Select(t => new CardMessageAction
                {
                    Id = $"open{t.Number}", Label = OwnNameTexts.ApprovalsOpen(Text(tasks[t.Number], "title") ?? "—"), Url = t.Link,
                })],
            Footnote = more ? OwnNameTexts.MoreThere : tasks.Length > MostShown ? OwnNameTexts.More(tasks.Length - MostShown) : null,
        };
        return UnifiedResponse.Text(card.Title.In(language)) with { Kind = ResponseKind.Card, Card = card, Locale = language.Tag() };
    }

    private static string Line(JsonElement task) => string.Join(" · ",
        new[] { Text(task, "title"), Text(task, "initiator_name") }.Where(t => t is { Length: > 0 }).DefaultIfEmpty("—"));

    private static string? LinkOf(JsonElement task) => Text(task, "link") is { } link
        && Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme == "https"
        && Hosts.Any(h => address.Host == h || address.Host.EndsWith("." + h, StringComparison.Ordinal))
            ? link : null;

    private static string? Text(JsonElement task, string member) => task.ValueKind == JsonValueKind.Object
        && task.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
        && VisibleText.Of(value.GetString()!, member == "link" ? 2000 : LongestTitle) is { Length: > 0 } text ? text : null;
}
