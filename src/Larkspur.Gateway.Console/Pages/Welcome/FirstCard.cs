using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>A card to a person of the company, which proves that everything works: it goes the way that every message goes.</summary>
internal sealed class FirstCard(IOutbox outbox, OutboxQueries queries, AuditTrail audit)
{
    /// <summary>What kind of id somebody entered; null: none that Feishu sends to.</summary>
    public static string? KindOf(string? person) => person?.Trim() switch
    {
        null or "" => null,
        { Length: > 100 } => null,
        var mail when mail.Contains('@', StringComparison.Ordinal) => mail.IndexOf('@', StringComparison.Ordinal) > 0 && mail.IndexOf('.', StringComparison.Ordinal) > 0 && !mail.Any(char.IsWhiteSpace) ? "email" : null,
        var id when id.StartsWith("ou_", StringComparison.Ordinal) => "open_id",
        var id when id.StartsWith("on_", StringComparison.Ordinal) => "union_id",
        var id => id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? "user_id" : null,
    };

    /// <summary>Queues the card.</summary>
    /// <param name="who">Who sends it.</param>
    /// <param name="kind">Of <see cref="KindOf"/>.</param>
    /// <param name="person">The id.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The reference under which its row is found.</returns>
    public async Task<string> SendAsync(Actor who, string kind, string person, CancellationToken cancellation)
    {
        var key = "console first card " + Guid.NewGuid().ToString("N");
        var reference = Reference.For("console", FeishuApps.Default, key);
        await outbox.QueueAsync(new QueuedMessage("feishu", FeishuApps.Default, key, new OutboxMessage
        {
            Operation = MessageOperations.Create, Lane = LaneOf(kind, person), TargetType = kind, Target = person, MessageType = "interactive", Content = Content(),
        }) { Reference = reference }, cancellation);
        await audit.AddAsync(who, "message.test_sent", person, cancellation: cancellation);
        return reference;
    }

    /// <summary>What became of it.</summary>
    public async Task<OutboxItem?> FindAsync(string kind, string person, string reference, CancellationToken cancellation) =>
        (await queries.ListAsync(new RowFilter { Key = LaneOf(kind, person), Limit = 20 }, cancellation)).Items.FirstOrDefault(m => m.Reference == reference);

    private static string LaneOf(string kind, string person) => kind + ":" + person;

    /// <summary>Both languages: who gets it may read either.</summary>
    private static string Content() => new JsonObject
    {
        ["schema"] = "2.0",
        ["header"] = new JsonObject { ["template"] = "violet", ["title"] = Plain(Both(WelcomeTexts.FirstCardTitle, " · ")) },
        ["body"] = new JsonObject
        {
            ["elements"] = new JsonArray(new JsonObject
            {
                ["tag"] = "markdown",
                ["content"] = Both(WelcomeTexts.FirstCardContent, "\n"),
            }),
        },
    }.ToJsonString();

    private static string Both(LocalText text, string between) => text.Chinese + between + text.English;

    private static JsonObject Plain(string text) => new() { ["tag"] = "plain_text", ["content"] = text };
}
