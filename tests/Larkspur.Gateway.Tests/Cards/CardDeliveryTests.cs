using System.Data.Common;
using System.Text.Json;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Cards;

/// <summary>Whose message was clicked, while the platform's answer that tells it is just being recorded.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class CardDeliveryTests
{
    [Theory]
    [InlineData("om_1", "om_1", ClickedMessage.Own)]
    [InlineData("om_1", "om_2", ClickedMessage.Own)]
    [InlineData("om_other", "om_1", ClickedMessage.Other)]
    public async Task An_answer_that_is_recorded_between_two_looks_makes_no_message_anothers(string clicked, string told, object judged)
    {
        await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" });
        foreach (var (card, message) in ((string, string?)[])[("mine", null), ("another", "om_other")])
        {
            await gateway.DamageAsync("""
                INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference, not_before, created_at,
                                    status, partition, rank, in_thread, fallback, owner, attempts, first_tried_at)
                VALUES ('feishu', 'default', 'oc_1', 'create', 'chat_id', 'oc_1', 'interactive', '{}', $1, 0, 'r', 0, 1, 0, 1, 0, 0, 0, '', 1, 1)
                """, card);
            await gateway.DamageAsync("INSERT INTO card_delivery (card, outbox_id, created_at, message_id) SELECT $1, id, 1, $2 FROM outbox WHERE idempotency_key = $1", card, message);
        }

        var database = gateway.Services.GetRequiredService<IDatabase>();
        var result = await database.ReadAsync(sql => gateway.Services.GetRequiredService<CardDeliveries>().JudgeAsync(new Interrupted(sql, async () =>
            await gateway.DamageAsync("UPDATE card_delivery SET message_id = $1 WHERE card = 'mine'", told)), "mine", Click(clicked)), TestContext.Current.CancellationToken);
        Assert.Equal(judged, result);
    }

    private static CardClick Click(string message) => new()
    {
        Context = new EventContext(new InboundEvent
        {
            Platform = "feishu", App = "default", EventId = "ev", EventType = "card.action.trigger", OrderingKey = "card:" + message, ReceivedAt = DateTimeOffset.UtcNow, Payload = "{}"u8.ToArray(),
        }, 1, "r", 1),
        Action = new CardAction(new CardOperator { OpenId = "ou_bob" }, "t", new CardActionDetail { Tag = "button", Value = JsonDocument.Parse("{}").RootElement }, message, "oc_1", null, false),
        Person = new CardPerson("ou_bob"),
        TimeZone = TimeZoneInfo.Utc,
    };

    /// <summary>Something happens after the first statement.</summary>
    private sealed class Interrupted(ISql sql, Func<Task> then) : ISql
    {
        private bool _done;

        public ValueTask<List<T>> QueryAsync<T>(string text, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values) => ThenAsync(sql.QueryAsync(text, map, values));

        private async ValueTask<List<T>> ThenAsync<T>(ValueTask<List<T>> rows)
        {
            var found = await rows;
            if (_done) return found;
            _done = true;
            await then();
            return found;
        }
    }
}
